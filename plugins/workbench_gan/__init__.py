"""A GAN trainer with cascading rejection (Su Jianlin, archives/7105; Shin et al., arXiv 1911.10979)."""

from __future__ import annotations

from collections.abc import Iterable

from workbench.api import ArtifactKind, Declaration, Experiment, Layer, Panel, Preset, Tool, hookimpl

from .experiments import COST, OVERHEAD, RING
from .geometry import GEOMETRY
from .params import GAN

STAGES = ("Stage 1", "Stage 2", "Stage 3")
"""As many as there usually are; the host names those of any more."""
PANELS = (
    Panel("samples", "images", "fixed", title="Fixed latents", help="The same latents at every step."),
    Panel("fresh", "images", "fresh", title="Fresh latents"),
    Panel("data", "images", "real", title="Real"),
    Panel(
        "plane",
        parts=(
            Layer("field", "score"),
            Layer("points", "truth", {"label": "Real"}),
            Layer("points", "fake", {"label": "Generated"}),
        ),
        title="In the plane",
        help="Real and generated points over the discriminator's first score.",
    ),
    Panel(
        "losses",
        parts=(
            Layer("scalars", "loss/d", {"label": "Discriminator"}),
            Layer("scalars", "loss/g", {"label": "Generator"}),
            Layer("scalars", "loss/r1", {"label": "R1 penalty"}),
        ),
        title="Losses",
    ),
    Panel(
        "scores",
        parts=(Layer("scalars", "score"),),
        title="Mean scores",
        help="Of each stage, on real and on generated samples: the nearer they are, the less the discriminator knows.",
    ),
    Panel("shares", parts=(Layer("bars", "shares"),), title="Share of each mode"),
    Panel("modes", parts=(Layer("scalars", "modes"),), title="Modes found"),
    Panel(
        "quality",
        parts=(
            Layer("scalars", "high_quality", {"label": "Share near a mode"}),
            Layer("scalars", "mode_kl", {"label": "Distance from equal shares"}),
        ),
        title="Quality",
        help="Near is within 3 standard deviations. The distance is the Kullback–Leibler divergence in nats: 0 where "
        "every mode has its fair share.",
    ),
    Panel(
        "left",
        parts=(Layer("bars", "left_over"),),
        title="Left over",
        help="The share of the feature's squared length that is left after each score, real and generated.",
    ),
    *(
        Panel(
            f"scores{k}",
            parts=(Layer("bars", f"scores/{k}"),),
            title=title,
            help="How this stage's scores are spread, on real and on generated samples.",
        )
        for k, title in enumerate(STAGES, 1)
    ),
    Panel(
        "angles",
        parts=(Layer("field", "angles", {"map": "diverging", "levels": (-1, 1)}),),
        title="Cosines",
        help="Between the weights of each two stages: 0 where they look at different things.",
    ),
    Panel(
        "pace",
        parts=(Layer("scalars", "time/images_per_second"),),
        title="Samples/s",
        help="Real samples that are trained on in a second.",
    ),
)

PRESETS = (
    Preset(
        "digits",
        "Digits",
        {"data": "digits"},
        "Readable digits within seconds; then they sharpen and all ten appear. At the end a judge says on how many "
        "it is sure (sure; of real ones: real/sure), how rare the rarest digit is (classes), and whether samples lie "
        "as far from the training images as unseen real ones do (nearest = 1) or were copied (far below).",
    ),
    Preset(
        "ring8",
        "Ring of 8",
        {"data": "ring8"},
        "The cloud finds one mode after the other and tightens while the learning rate falls: modes reaches 8, "
        "high_quality passes .9 only near the end.",
    ),
    Preset(
        "long",
        "Ring of 8, longer",
        {"data": "ring8", "steps": 12_000},
        "The same with more time: hardly a point is left between the modes.",
    ),
    Preset(
        "grid25",
        "Grid of 25",
        {"data": "grid25"},
        "25 modes, and none may be dropped. Watch the share of each mode level out.",
    ),
    Preset(
        "moons",
        "Two moons",
        {"data": "moons"},
        "A curve instead of separate modes: watch the generator bend its square of latents into two crescents.",
    ),
    Preset(
        "swissroll",
        "Swiss roll",
        {"data": "swissroll"},
        "One long spiral: the generator unrolls it from the inside out.",
    ),
    Preset(
        "mnist",
        "MNIST family",
        {"data": {"kind": "idx"}},
        "28 x 28 images from a folder of IDX files: set the folder first. Compare sure with real/sure.",
    ),
    Preset(
        "plain",
        "Digits, plain head",
        {"data": "digits", "head": {"stages": 1}},
        "One score instead of three, all else equal: put it beside the first preset, same seed.",
    ),
    Preset(
        "by_class",
        "Digits by class",
        {"data": "digits", "conditional": True},
        "Both networks are told the digit, the cascade through an embedding of the class: sharper than the first "
        "preset, but no longer without supervision.",
    ),
    Preset(
        "conv",
        "Digits, convolutions",
        {"data": "digits", "network": {"kind": "conv"}},
        "Convolutional networks see neighbouring pixels: strokes are smoother, steps slower.",
    ),
)

TOOL = Tool(
    id="gan",
    title="GAN with cascading rejection",
    params=GAN,
    run=".train:run",
    description="Trains a generator against a discriminator whose head scores its feature several times, each time "
    "what the scores before left over.",
    panels=PANELS,
    layout="samples, plane | fresh, data, modes, quality, shares / "
    "losses, left, angles, pace | scores, scores1, scores2, scores3",
    presets=PRESETS,
    warm=("torch", "torch._dynamo"),
    threads=1,
)

KINDS = (
    ArtifactKind("model/generator", "Generator", ".artifacts:load_generator"),
    ArtifactKind("model/discriminator", "Discriminator", ".artifacts:load_discriminator"),
)


@hookimpl
def workbench_declare() -> Iterable[Declaration | Experiment]:
    return [TOOL, GEOMETRY, COST, OVERHEAD, RING, *KINDS]
