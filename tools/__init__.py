"""What builds, measures and checks the project; none of it is part of the product."""
