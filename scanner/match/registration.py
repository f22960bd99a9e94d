"""Registration to less than a pixel: local features agree to a hundredth of the side, differences need a third of a pixel.

Dense flow between the two, each freed of local brightness and contrast, gives many places; a polynomial of the second order is
fitted to them, robustly. What was altered does not fit, and is not bent to fit: only the polynomial is applied.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np

from scanner.match.common_frame import Frame
from scanner.match.planes import Floats, Mask, Matrix, grey, soft

_MOST_PX = 6.0
"""Displacement, in pixels of the frame, beyond which flow is not believed."""
_WINDOW_PX = 4.0
_STEP_PX = 5
_ROUNDS = 2
_SETTLED_PX = 0.35
"""Mean displacement from which a second round changes nothing that is seen."""
_FEWEST = 60


def registered(frame: Frame) -> Frame:
    """Return the frame with its reference moved onto the asset, as far as that makes more of it agree."""
    asset = _flattened(frame.asset)
    agreed = _agreed(asset, frame)
    for _ in range(_ROUNDS):
        field = _field(asset, frame)
        if field is None:
            break
        moved = _moved(frame, field)
        agrees = _agreed(asset, moved)
        if agrees < agreed:
            # Flow slips by a period along ripples, and the polynomial carries that to the corners.
            break
        frame, agreed = moved, agrees
        if float(np.abs(field).mean()) < _SETTLED_PX:
            break
    return frame


def agreement(frame: Frame) -> Floats:
    """Return how far structure agrees, place by place: local correlation (h, w), −1 to 1, 0 where nothing stands out."""
    return _agreement(_flattened(frame.asset), _flattened(frame.reference))


def _agreed(asset: Floats, frame: Frame) -> float:
    """How much of the frame agrees, 0 to 1."""
    agreement = _agreement(asset, _flattened(frame.reference))[frame.valid]
    return float(np.square(agreement.clip(0, 1)).mean()) if agreement.size else 0.0


def _flattened(picture: Floats) -> Floats:
    """A picture's grey with local brightness and contrast taken out, shape (h, w), mean 0, deviation about 1."""
    plane = soft(grey(picture), 1.0)
    centred = plane - soft(plane, _WINDOW_PX)
    deviation = np.sqrt(soft(centred * centred, _WINDOW_PX * 1.5))
    return np.asarray(centred / (deviation + 2.0), np.float32)


def _field(asset: Floats, frame: Frame) -> Floats | None:
    """By how much the reference is to be moved, (h, w, 2), or None where too little agrees to tell."""
    reference = _flattened(frame.reference)
    flow = _flow(asset, reference)
    rows, columns = np.mgrid[0 : flow.shape[0], 0 : flow.shape[1]].astype(np.float32)
    there = np.asarray(cv2.remap(reference, columns + flow[..., 0], rows + flow[..., 1], cv2.INTER_LINEAR), np.float32)
    return _fitted(flow, _agreement(asset, there), frame.valid)


def _moved(frame: Frame, field: Floats) -> Frame:
    height, width = frame.valid.shape
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = columns + field[..., 0], rows + field[..., 1]
    laid = cv2.remap(frame.reference, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    within = (x >= 0) & (x <= width - 1) & (y >= 0) & (y <= height - 1)
    return replace(frame, reference=np.asarray(laid, np.float32), valid=frame.valid & within)


def _flow(asset: Floats, reference: Floats) -> Floats:
    """Where in the reference each pixel of the asset is found: displacement (h, w, 2)."""
    finder = cv2.DISOpticalFlow.create(cv2.DISOPTICAL_FLOW_PRESET_FAST)
    finder.setFinestScale(1)
    one, other = (np.clip(128 + 45 * picture, 0, 255).astype(np.uint8) for picture in (asset, reference))
    return np.asarray(finder.calc(one, other, None), np.float32)  # type: ignore[call-overload]


def _agreement(asset: Floats, reference: Floats) -> Floats:
    """Local correlation, −1 to 1, near 0 where nothing stands out."""
    product = soft(asset * reference, _WINDOW_PX)
    energy = soft(asset * asset, _WINDOW_PX) * soft(reference * reference, _WINDOW_PX)
    return np.asarray(product / (np.sqrt(energy) + 0.1), np.float32)


def _fitted(flow: Floats, agreement: Floats, valid: Mask) -> Floats | None:
    """A polynomial field (h, w, 2) through the places that agree, or None where too few do."""
    height, width = valid.shape
    inner = np.zeros_like(valid)
    inner[4:-4:_STEP_PX, 4:-4:_STEP_PX] = True
    chosen = inner & valid & (agreement > 0.5) & (np.abs(flow).max(axis=2) < _MOST_PX)
    rows, columns = np.nonzero(chosen)
    if len(rows) < _FEWEST:
        return None
    terms = _terms(columns / width - 0.5, rows / height - 0.5)
    targets = flow[rows, columns].astype(np.float64)
    weights = np.square(agreement[rows, columns].astype(np.float64))
    tolerance = 2.0
    found = np.zeros((terms.shape[1], 2))
    for _ in range(5):
        weighted = terms * weights[:, None]
        ridge = np.diag([1e-6, 1e-6, 1e-6, 1.0, 1.0, 1.0]) * len(rows) * 1e-4
        found = np.asarray(np.linalg.solve(weighted.T @ terms + ridge, weighted.T @ targets), np.float64)
        apart = np.hypot(*(targets - terms @ found).T)
        tolerance = float(np.clip(3 * np.median(apart), 0.3, tolerance))
        fitting = np.square(np.maximum(1 - np.square(apart / (3 * tolerance)), 0))
        weights = np.asarray(np.square(agreement[rows, columns]) * fitting, np.float64)
    grid_rows, grid_columns = np.mgrid[0:height, 0:width]
    field = _terms((grid_columns / width - 0.5).ravel(), (grid_rows / height - 0.5).ravel()) @ found
    return np.asarray(field.reshape(height, width, 2).clip(-_MOST_PX, _MOST_PX), np.float32)


def _terms(x: Matrix, y: Matrix) -> Matrix:
    return np.stack([np.ones_like(x), x, y, x * x, x * y, y * y], axis=1)
