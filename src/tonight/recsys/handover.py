"""The product's recommender: several models, handed over by the number of likes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from tonight.recsys.recommender import (
    Contributions,
    FloatArray,
    History,
    IndexArray,
    require_known,
    require_known_item,
)
from tonight.recsys.stages import Stage, Traits
from tonight.recsys.top_k import top_k

POPULAR: Final = "popular"
FEW_LIKES: Final = "few-likes"
PERSONAL: Final = "personal"
FEATURES: Final = "features"

#: The width of the sketch of the features.
SKETCH_WIDTH: Final = 64

#: How many rows of the dense weights are copied at once: a megabyte.
_ROWS_AT_ONCE: Final = 64


@dataclass(frozen=True, slots=True)
class Handover:
    """The product's recommender over the whole catalogue. Implements ``Recommender``.

    ``score = (1 - novelty) * base + novelty * gems + sum over likes of gain * weight - dislikes *
    (the same over dislikes)``, with the factors of the stage that the number of likes falls into.
    Two rated items are related by the dense weights, any other pair by the feature model. The
    gain makes up for the ratings that new items have not had the time to get; for an item without
    ratings it grows with the modernity of the liked one.

    Inside, items are ordered with the rated (warm) ones first; ``place`` says where an item is.

    Attributes:
        stages: By ascending ``from_likes``, the first from 0.
        place: Shape (n_items,), int32.
        few_likes: Shape (n_warm, n_warm), float32.
        long_history: Shape (n_warm, n_warm), float32.
        inputs: The feature model, shape (n_items, rank), float32, in the inner order.
        outputs: Likewise.
        traits: What bases and novelty are made of, in the order of the item indices.
        features: Features for likeness, rows of length 1, shape (n_items, n_features).
        sketch: The features projected at random, shape (n_items, 64), float32: the products of
            its rows are near to those of the features, and cost a tenth.
        related: The long-history weight between two items that are closely related.
        trained_with: The parameters of the training, as JSON has them; for the record.
        base: One base a stage; made from the traits.
        recency: For each stage what the gain has above 1, in the inner order; likewise.
        positions: Where ``nearness`` sees the items, in their order: shape (n_items, 64 + 2 *
            rank), float32. A product of two rows, its last ``rank`` columns counted negatively.
    """

    stages: tuple[Stage, ...]
    place: NDArray[np.int32]
    few_likes: FloatArray
    long_history: FloatArray
    inputs: FloatArray
    outputs: FloatArray
    traits: Traits
    features: sparse.csr_array
    sketch: FloatArray
    related: float
    trained_with: Mapping[str, Any]
    base: tuple[FloatArray, ...] = field(init=False)
    recency: tuple[FloatArray, ...] = field(init=False)
    positions: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        """Makes the bases and the recency of the stages."""
        # The dataclass is frozen; these only spare every request the same work.
        object.__setattr__(self, "base", tuple(self.traits.base(s) for s in self.stages))
        object.__setattr__(self, "recency", tuple(self._recency(s) for s in self.stages))
        object.__setattr__(self, "positions", self._positions())

    @property
    def n_items(self) -> int:
        """How many items the catalogue has."""
        return len(self.place)

    @property
    def n_warm(self) -> int:
        """How many items have enough ratings for the dense weights."""
        return len(self.few_likes)

    def stage(self, n_likes: int) -> Stage:
        """The stage of a viewer with so many likes."""
        return self.stages[self._stage_index(n_likes)]

    def score(self, history: History, novelty: float = 0.0) -> FloatArray:
        """Scores all items; see ``Recommender``.

        Args:
            history: What is known of the viewer.
            novelty: From 0, well known, to 1, hidden gem.

        Raises:
            UnknownItemError: An index of the history lies outside of the catalogue.
        """
        require_known(history, self.n_items)
        index = self._stage_index(len(history.likes))
        stage = self.stages[index]
        out: FloatArray = self.base[index].copy()
        if novelty != 0:
            out *= np.float32(1 - novelty)
            out += np.float32(novelty * stage.gems) * self.traits.gem
        if len(history.likes) + len(history.dislikes) > 0:
            out += self._personal(history, index, novelty).take(self.place)
            if stage.kinship != 0:
                out += self._kinship(history, stage)
        return out

    def contributions(
        self, history: History, item_index: int, novelty: float = 0.0
    ) -> Contributions:
        """Says what the score of one item is made of; see ``Recommender``.

        Raises:
            UnknownItemError: The item or an index of the history lies outside of the catalogue.
        """
        return self.explained(history, item_index, novelty)[0]

    def source(self, history: History, item_index: int) -> str:
        """Which model carries an item's score; see ``explained``.

        Raises:
            UnknownItemError: The item or an index of the history lies outside of the catalogue.
        """
        return self.explained(history, item_index)[1]

    def explained(
        self, history: History, item_index: int, novelty: float = 0.0
    ) -> tuple[Contributions, str]:
        """Says what the score of one item is made of, and which model carries it.

        Returns:
            The contributions, and "popular", "few-likes", "personal" or "features". Without a like
            it is "popular". It is "features" when the item, or every liked item, has too few
            ratings for the others.

        Raises:
            UnknownItemError: The item or an index of the history lies outside of the catalogue.
        """
        require_known(history, self.n_items)
        require_known_item(item_index, self.n_items)
        index = self._stage_index(len(history.likes))
        stage = self.stages[index]
        recency = self._recency_at(index, novelty)
        likes = self._weights(history.likes, item_index, stage, recency)
        dislikes = self._weights(history.dislikes, item_index, stage, recency)
        contributions = Contributions(
            base=float((1 - novelty) * self.base[index][item_index]),
            wishes=float(novelty * stage.gems * self.traits.gem[item_index]) if novelty else 0.0,
            likes=likes,
            dislikes=dislikes * np.float32(-stage.dislikes) if len(dislikes) else dislikes,
        )
        if stage.name == POPULAR:
            return contributions, POPULAR
        if not self.is_warm(item_index) or (self.place[history.likes] >= self.n_warm).all():
            return contributions, FEATURES
        return contributions, stage.name

    def is_warm(self, item_index: int) -> bool:
        """Whether an item has enough ratings for the dense weights."""
        return bool(self.place[item_index] < self.n_warm)

    def similarity(self, items_a: IndexArray, items_b: IndexArray) -> FloatArray:
        """How alike items are: half by their features, half by what the models relate.

        Args:
            items_a: Item indices.
            items_b: Item indices.

        Returns:
            Shape (len(items_a), len(items_b)), float32: the mean of the features' cosine and of
            the pairs' long-history (or feature) weights in both directions, these divided by
            ``related`` and cut off at 1. Symmetric in its arguments.
        """
        by_feature = (self.features[items_a] @ self.features[items_b].T).toarray()
        places_a, places_b = self.place[items_a], self.place[items_b]
        relation = self._relation(places_a, places_b) + self._relation(places_b, places_a).T
        by_taste = np.clip(relation / (2 * self.related), -1, 1)
        return np.asarray(0.5 * by_feature + 0.5 * by_taste, dtype=np.float32)

    def nearness(self, items: IndexArray) -> FloatArray:
        """An estimate of ``similarity`` among a few items, for re-ranking them.

        Args:
            items: Item indices.

        Returns:
            Shape (len(items), len(items)), float32, symmetric. The features' part is off by
            0.06 at standard deviation, pairs of rated items are related by the low rank of their
            weights, and what the models relate is not cut off at 1.
        """
        rows = self.positions[items]
        rank = self.inputs.shape[1]
        near, far = rows[:, :-rank], rows[:, -rank:]
        return near @ near.T - far @ far.T

    def similar(self, item_index: int, k: int) -> IndexArray:
        """The k items most alike to one, the most alike first; the item itself is left out.

        Raises:
            UnknownItemError: The item lies outside of the catalogue.
        """
        require_known_item(item_index, self.n_items)
        everything = np.arange(self.n_items)
        likeness = self.similarity(np.array([item_index]), everything)[0]
        return top_k(likeness, np.delete(everything, item_index), k)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """All arrays, by name; with ``parameters()`` enough for ``from_arrays``."""
        return {
            "place": self.place,
            "few_likes": self.few_likes,
            "long_history": self.long_history,
            "inputs": self.inputs,
            "outputs": self.outputs,
            "appeal": self.traits.appeal,
            "intercept": self.traits.intercept,
            "freshness": self.traits.freshness,
            "modernity": self.traits.modernity,
            "gem": self.traits.gem,
            "sketch": self.sketch,
            "feature_values": self.features.data,
            "feature_columns": self.features.indices,
            "feature_rows": self.features.indptr,
        }

    def parameters(self) -> dict[str, Any]:
        """All factors of the score and what it was trained with, as JSON has them."""
        return {
            "stages": [asdict(stage) for stage in self.stages],
            "n_features": int(self.features.shape[1]),
            "related": self.related,
            "trained_with": dict(self.trained_with),
        }

    @staticmethod
    def from_arrays(arrays: dict[str, NDArray[Any]], parameters: dict[str, Any]) -> Handover:
        """The recommender that ``to_arrays`` and ``parameters`` came from.

        The arrays are used as they are: they may be memory-mapped and read-only.

        Raises:
            KeyError: An array or a parameter is missing.
        """
        shape = (len(arrays["place"]), int(parameters["n_features"]))
        return Handover(
            stages=tuple(Stage(**stage) for stage in parameters["stages"]),
            place=arrays["place"],
            few_likes=arrays["few_likes"],
            long_history=arrays["long_history"],
            inputs=arrays["inputs"],
            outputs=arrays["outputs"],
            traits=Traits(
                appeal=arrays["appeal"],
                intercept=arrays["intercept"],
                freshness=arrays["freshness"],
                modernity=arrays["modernity"],
                gem=arrays["gem"],
            ),
            features=sparse.csr_array(
                (arrays["feature_values"], arrays["feature_columns"], arrays["feature_rows"]),
                shape=shape,
            ),
            sketch=arrays["sketch"],
            related=float(parameters["related"]),
            trained_with=parameters["trained_with"],
        )

    def _stage_index(self, n_likes: int) -> int:
        index = 0
        while index + 1 < len(self.stages) and n_likes >= self.stages[index + 1].from_likes:
            index += 1
        return index

    def _positions(self) -> FloatArray:
        inputs, outputs = self.inputs[self.place], self.outputs[self.place]
        # ab' + ba' is half of (a + b)(a + b)' - (a - b)(a - b)': products of rows with themselves.
        factor = np.float32(np.sqrt(0.125 / self.related))
        parts = (
            self.sketch * np.float32(np.sqrt(0.5)),
            (inputs + outputs) * factor,
            (inputs - outputs) * factor,
        )
        return np.concatenate(parts, axis=1)

    def _recency(self, stage: Stage) -> FloatArray:
        recency = np.where(self.place < self.n_warm, stage.recency, stage.cold_recency)
        out = np.empty(self.n_items, dtype=np.float32)
        out[self.place] = recency * self.traits.freshness
        return out

    def _recency_at(self, index: int, novelty: float) -> FloatArray:
        """The recency, which fades as the viewer asks for what is not on everybody's lips."""
        recency = self.recency[index]
        return recency if novelty == 0 else np.asarray(recency * np.float32(1 - novelty))

    def _personal(self, history: History, index: int, novelty: float) -> FloatArray:
        """The sum over the history for all items, in the inner order."""
        stage, n_warm = self.stages[index], self.n_warm
        recency = self._recency_at(index, novelty)
        items = np.concatenate((history.likes, history.dislikes))
        places = self.place[items]
        factors = np.ones(len(items), dtype=np.float32)
        factors[len(history.likes) :] = -stage.dislikes
        out = np.empty(self.n_items, dtype=np.float32)
        warm = places < n_warm
        dense = np.zeros(n_warm, dtype=np.float32)
        for weights, part in (
            (self.few_likes, stage.few_likes),
            (self.long_history, stage.long_history),
        ):
            if part != 0:
                dense += _sum_of_rows(weights, places[warm], factors[warm] * np.float32(part))
        inputs = self.inputs[places] * (factors * np.float32(stage.features))[:, np.newaxis]
        if not warm.all():
            dense += self.outputs[:n_warm] @ inputs[~warm].sum(axis=0)
        np.multiply(dense, 1 + recency[:n_warm], out=out[:n_warm])
        # One product each: of a matrix with two columns BLAS makes something ten times slower.
        cold = self.outputs[n_warm:]
        np.matmul(cold, self.traits.modernity[items] @ inputs, out=out[n_warm:])
        out[n_warm:] *= recency[n_warm:]
        out[n_warm:] += cold @ inputs.sum(axis=0)
        return out

    def _kinship(self, history: History, stage: Stage) -> FloatArray:
        """The factor times the sum of the features' cosines, in the order of the item indices."""
        items = np.concatenate((history.likes, history.dislikes))
        factors = np.full(len(items), stage.kinship, dtype=np.float32)
        factors[len(history.likes) :] *= -stage.dislikes
        total = factors @ self.features[items.astype(np.intp)]
        return np.asarray(self.features @ total, dtype=np.float32)

    def _weights(
        self, history: IndexArray, item_index: int, stage: Stage, recency: FloatArray
    ) -> FloatArray:
        """What a like of each item of the history adds to one item's score."""
        if not len(history):
            return np.zeros(0, dtype=np.float32)
        target = int(self.place[item_index])
        places = self.place[history]
        warm = places < self.n_warm
        if target < self.n_warm and warm.all():
            weights = self._dense(places, target, stage)
        else:
            weights = np.asarray(self.inputs[places] @ self.outputs[target], dtype=np.float32)
            weights *= np.float32(stage.features)
            if target < self.n_warm:
                weights[warm] = self._dense(places[warm], target, stage)
        if target < self.n_warm:
            weights *= 1 + recency[target]
        else:
            weights *= 1 + recency[target] * self.traits.modernity[history]
        if stage.kinship != 0:
            kin = (self.features[history] @ self.features[[item_index]].T).toarray()[:, 0]
            weights += np.float32(stage.kinship) * kin
        return weights

    def _dense(self, rows: NDArray[np.int32], target: int, stage: Stage) -> FloatArray:
        weights = stage.long_history * self.long_history[rows, target]
        if stage.few_likes != 0:
            weights += stage.few_likes * self.few_likes[rows, target]
        return np.asarray(weights, dtype=np.float32)

    def _relation(self, inputs: NDArray[np.int32], targets: NDArray[np.int32]) -> FloatArray:
        """What likes of some places add to the scores of others, before any stage's factors."""
        out = self.inputs[inputs] @ self.outputs[targets].T
        rows, columns = np.flatnonzero(inputs < self.n_warm), np.flatnonzero(targets < self.n_warm)
        dense = self.long_history[np.ix_(inputs[rows], targets[columns])]
        out[np.ix_(rows, columns)] = dense
        return np.asarray(out, dtype=np.float32)


def _sum_of_rows(weights: FloatArray, rows: IndexArray, factors: FloatArray) -> FloatArray:
    """The sum of rows times their factors, in parts so that a long history needs no large copy."""
    total = np.zeros(weights.shape[1], dtype=np.float32)
    for start in range(0, len(rows), _ROWS_AT_ONCE):
        part = slice(start, start + _ROWS_AT_ONCE)
        total += factors[part] @ weights[rows[part]]
    return total
