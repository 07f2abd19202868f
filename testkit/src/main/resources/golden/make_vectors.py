"""Creates the golden vectors next to this file with PyTorch, in double precision.

    python make_vectors.py

Tiny networks as described by RefinerNetwork and DiscriminatorNetwork, fixed images and initial
weights; for each case the losses and gradients of one update of every kind, and the networks after
Algorithm 1 of arXiv 1612.07828: one step of each pre-training, then three steps with K_g = 2,
K_d = 1 and a history buffer of half a mini-batch. Such a buffer is read and replaced as a whole, so
no random numbers need to be shared.
"""

import json
import pathlib
import platform

import numpy
import torch
import torch.nn.functional as F

HERE = pathlib.Path(__file__).parent
BATCH = 4
HALF = BATCH // 2
STEPS, K_G, K_D = 3, 2, 1
SHAPE = {"channels": 1, "height": 6, "width": 7}
REFINER = {"channels": 1, "filterSize": 3, "filters": 3, "blocks": 2}
LAYERS = [
    {"type": "convolution", "size": 3, "stride": 2, "filters": 4},
    {"type": "convolution", "size": 3, "stride": 2, "filters": 3},
    {"type": "max-pooling", "size": 3, "stride": 1},
    {"type": "convolution", "size": 3, "stride": 1, "filters": 3},
    {"type": "convolution", "size": 1, "stride": 1, "filters": 3},
]
REAL, REFINED = 0, 1


def same(x, size, stride, value):
    """SAME padding: ceil(input / stride) outputs; odd padding goes to the bottom and the right."""

    def both_sides(length):
        outputs = -(-length // stride)
        total = max(0, (outputs - 1) * stride + size - length)
        return total // 2, total - total // 2

    top, bottom = both_sides(x.shape[2])
    left, right = both_sides(x.shape[3])
    return F.pad(x, (left, right, top, bottom), value=value)


def convolve(x, weights, name, stride=1):
    kernel = weights[name + ".weight"]
    return F.conv2d(same(x, kernel.shape[2], stride, 0.0), kernel, weights[name + ".bias"], stride)


def refine(weights, x):
    maps = F.relu(convolve(x, weights, "conv_in"))
    for block in range(REFINER["blocks"]):
        name = f"blocks.{block}"
        inner = F.relu(convolve(maps, weights, name + ".conv1"))
        maps = F.relu(convolve(inner, weights, name + ".conv2") + maps)
    return torch.tanh(convolve(maps, weights, "conv_out"))


def logits(weights, x, scope):
    """images x classes x rows x columns; one row and column where the scope is global."""
    number = 0
    for layer in LAYERS:
        if layer["type"] == "convolution":
            number += 1
            x = F.relu(convolve(x, weights, f"conv{number}", layer["stride"]))
        else:
            x = F.max_pool2d(
                same(x, layer["size"], layer["stride"], -torch.inf), layer["size"], layer["stride"]
            )
    patches = convolve(x, weights, "conv_out")
    return patches.mean((2, 3), keepdim=True) if scope == "GLOBAL" else patches


def cross_entropies(of, refined):
    """The loss of every patch, against the probability that it is refined."""
    target = torch.empty_like(of)
    target[:, REAL], target[:, REFINED] = 1 - refined, refined
    return F.cross_entropy(of, target, reduction="none")


def reduced(values, reduction):
    return values.sum() if reduction == "SUM" else values.mean()


class Training:
    """Both networks, and one case's losses and optimisers."""

    def __init__(self, case, weights):
        self.case = case
        self.losses = case["losses"]
        self.weights = {
            network: {
                name: torch.tensor(values, dtype=torch.float64, requires_grad=True)
                for name, values in tensors.items()
            }
            for network, tensors in weights.items()
        }
        self.optimizers = {
            network: optimizer(case[network + "Optimizer"], tensors.values())
            for network, tensors in self.weights.items()
        }
        self.history = None
        self.norms = []

    def refined(self, synthetic):
        with torch.no_grad():
            return refine(self.weights["refiner"], synthetic)

    def self_regularisation(self, synthetic):
        refined = refine(self.weights["refiner"], synthetic)
        return reduced((refined - synthetic).abs(), self.losses["selfRegularisation"])

    def pretraining_loss(self, synthetic):
        term = self.self_regularisation(synthetic)
        return self.losses["lambda"] * term, [term]

    def refiner_loss(self, synthetic):
        judged = logits(
            self.weights["discriminator"],
            refine(self.weights["refiner"], synthetic),
            self.losses["scope"],
        )
        adversarial = reduced(cross_entropies(judged, 0.0), self.losses["adversarial"])
        term = self.self_regularisation(synthetic)
        return adversarial + self.losses["lambda"] * term, [adversarial, term]

    def discriminator_loss(self, real, refined):
        scope, reduction = self.losses["scope"], self.losses["adversarial"]
        ofs = [
            cross_entropies(
                logits(self.weights["discriminator"], real, scope), self.losses["labelSmoothing"]
            ),
            cross_entropies(logits(self.weights["discriminator"], refined, scope), 1.0),
        ]
        total = reduced(torch.cat(ofs), reduction)
        return total, [total] + [reduced(of, reduction) for of in ofs]

    def gradients(self, network, loss):
        tensors = self.weights[network]
        found = torch.autograd.grad(loss, list(tensors.values()))
        return dict(zip(tensors, found))

    def update(self, network, loss_and_terms):
        loss, terms = loss_and_terms
        tensors = list(self.weights[network].values())
        for tensor, gradient in zip(tensors, torch.autograd.grad(loss, tensors)):
            tensor.grad = gradient
        if self.case["gradientClip"]:
            norm = torch.nn.utils.clip_grad_norm_(tensors, self.case["gradientClip"])
            self.norms.append(norm.item())
        self.optimizers[network].step()
        return [term.item() for term in terms]

    def scale_learning_rates(self, factor):
        for network, with_rate in self.optimizers.items():
            for group in with_rate.param_groups:
                group["lr"] = factor * self.case[network + "Optimizer"]["learningRate"]

    def step(self, synthetic, real):
        refiner = [self.update("refiner", self.refiner_loss(synthetic(BATCH))) for _ in range(K_G)]
        discriminator = []
        for _ in range(K_D):
            current = self.refined(synthetic(BATCH if self.history is None else HALF))
            refined = current if self.history is None else torch.cat([current, self.history])
            loss = self.discriminator_loss(real(BATCH), refined)
            discriminator.append(self.update("discriminator", loss))
            self.history = current[:HALF]
        return {
            "refiner": numpy.mean(refiner, axis=0).tolist(),
            "discriminator": numpy.mean(discriminator, axis=0).tolist(),
        }


def optimizer(description, tensors):
    rate = description["learningRate"]
    if description["type"] == "sgd":
        return torch.optim.SGD(tensors, lr=rate, momentum=description["momentum"])
    betas = (description["beta1"], description["beta2"])
    return torch.optim.Adam(tensors, lr=rate, betas=betas, eps=description["epsilon"])


def source(images):
    """Returns the images in order."""
    images = torch.tensor(images, dtype=torch.float64)
    at = 0

    def take(count):
        nonlocal at
        at += count
        return images[at - count : at]

    return take


def vectors(case, weights, synthetic, real):
    fresh = Training(case, weights)
    images, reals = source(synthetic), source(real)
    first, second = images(BATCH), images(BATCH)
    losses = {
        "pretraining": ("refiner", fresh.pretraining_loss(first)),
        "refiner": ("refiner", fresh.refiner_loss(first)),
        "discriminator": ("discriminator", fresh.discriminator_loss(reals(BATCH), second)),
    }
    training = Training(case, weights)
    images, reals = source(synthetic), source(real)
    pretraining = {
        "refiner": training.update("refiner", training.pretraining_loss(images(BATCH))),
        "discriminator": training.update(
            "discriminator",
            training.discriminator_loss(reals(BATCH), training.refined(images(BATCH))),
        ),
    }
    steps = []
    for step in range(STEPS):
        for drop in case["learningRateDrops"]:
            if drop["afterStep"] == step:
                training.scale_learning_rates(drop["factor"])
        steps.append(training.step(images, reals))
    if case["gradientClip"]:
        assert min(training.norms) < case["gradientClip"] < max(training.norms), training.norms
    return case | {
        "updates": {
            kind: {
                "losses": [term.item() for term in terms],
                "gradients": lists(fresh.gradients(network, loss)),
            }
            for kind, (network, (loss, terms)) in losses.items()
        },
        "pretraining": pretraining,
        "steps": steps,
        "weights": {network: lists(tensors) for network, tensors in training.weights.items()},
    }


def lists(tensors):
    return {name: tensor.detach().flatten().tolist() for name, tensor in tensors.items()}


def first_weights(random):
    """Normal with He's deviation, biases too; multiples of 1/1024, which are exact floats."""

    def convolution(name, outputs, inputs, size):
        deviation = (2 / (inputs * size * size)) ** 0.5
        for suffix, shape in ((".weight", (outputs, inputs, size, size)), (".bias", (outputs,))):
            values = random.normal(0, deviation if suffix == ".weight" else 0.1, shape)
            yield name + suffix, numpy.round(values * 1024) / 1024

    def refiner():
        size, filters = REFINER["filterSize"], REFINER["filters"]
        yield from convolution("conv_in", filters, REFINER["channels"], size)
        for block in range(REFINER["blocks"]):
            for number in (1, 2):
                yield from convolution(f"blocks.{block}.conv{number}", filters, filters, size)
        yield from convolution("conv_out", REFINER["channels"], filters, 1)

    def discriminator():
        inputs, number = SHAPE["channels"], 0
        for layer in LAYERS:
            if layer["type"] == "convolution":
                number += 1
                yield from convolution(f"conv{number}", layer["filters"], inputs, layer["size"])
                inputs = layer["filters"]
        yield from convolution("conv_out", 2, inputs, 1)

    return {"refiner": dict(refiner()), "discriminator": dict(discriminator())}


def images(random, count):
    """Uniform noise in [-1, 1]; multiples of 1/64, which are exact floats."""
    return random.integers(-64, 65, (count, *SHAPE.values())) / 64


SGD = {"type": "sgd", "learningRate": 0.05, "momentum": 0.0}
SLOW_SGD = SGD | {"learningRate": 0.002}
ADAM = {"type": "adam", "learningRate": 0.01, "beta1": 0.5, "beta2": 0.999, "epsilon": 1e-8}
SUM = {
    "adversarial": "SUM",
    "lambda": 0.1,
    "selfRegularisation": "SUM",
    "scope": "LOCAL",
    "labelSmoothing": 0.0,
}
MEAN = SUM | {"adversarial": "MEAN", "lambda": 3.0, "selfRegularisation": "MEAN"}


def case(losses, optimizer_of_both, gradient_clip=0.0, drops=()):
    return {
        "losses": losses,
        "refinerOptimizer": optimizer_of_both,
        "discriminatorOptimizer": optimizer_of_both,
        "gradientClip": gradient_clip,
        "learningRateDrops": list(drops),
    }


CASES = {
    "sum-sgd": case(SUM, SLOW_SGD),
    "sum-adam": case(SUM, ADAM),
    "mean-sgd": case(MEAN, SGD),
    "mean-adam": case(MEAN, ADAM),
    "momentum-clip-drop": case(
        MEAN, SGD | {"momentum": 0.9}, 1.7, [{"afterStep": 1, "factor": 0.25}]
    ),
    "label-smoothing": case(MEAN | {"labelSmoothing": 0.1}, ADAM),
    "global-scope": case(MEAN | {"scope": "GLOBAL"}, ADAM),
}


def write(name, content):
    def rounded(value):
        if isinstance(value, dict):
            return {key: rounded(inner) for key, inner in value.items()}
        if isinstance(value, (list, tuple)):
            return [rounded(inner) for inner in value]
        return float(f"{value:.9g}") if isinstance(value, float) else value

    text = json.dumps(rounded(content), separators=(",", ":"), allow_nan=False)
    (HERE / f"{name}.json").write_text(text.replace('},"', '},\n"') + "\n")


def main():
    random = numpy.random.default_rng(1612)
    weights = first_weights(random)
    # Pre-training takes 2 mini-batches of synthetic images; steps take K_g, and a whole one or,
    # once there is a history, half a one for each update of D.
    synthetic = images(random, (2 + STEPS * K_G + 1) * BATCH + (STEPS * K_D - 1) * HALF)
    real = images(random, (1 + STEPS * K_D) * BATCH)
    write(
        "inputs",
        {
            "versions": {
                "python": platform.python_version(),
                "torch": torch.__version__,
                "numpy": numpy.__version__,
            },
            "cases": list(CASES),
            "shape": SHAPE,
            "refiner": REFINER,
            "discriminator": {"channels": SHAPE["channels"], "layers": LAYERS},
            "schedule": {
                "batch": BATCH,
                "refinerPretraining": 1,
                "discriminatorPretraining": 1,
                "steps": STEPS,
                "refinerUpdates": K_G,
                "discriminatorUpdates": K_D,
                "historySize": HALF,
            },
            "weights": {
                network: {name: values.flatten().tolist() for name, values in tensors.items()}
                for network, tensors in weights.items()
            },
            "synthetic": synthetic.flatten().tolist(),
            "real": real.flatten().tolist(),
        },
    )
    for name, one in CASES.items():
        write(name, vectors(one, weights, synthetic, real))


if __name__ == "__main__":
    main()
