"""Times the steps of Algorithm 1 (arXiv 1612.07828) in PyTorch.

Reads one task as a line on standard input, as TrainingBenchmark writes it: a training plan, the shape of the
images, and how long to measure. Images are noise that lies in memory. For every further line it
measures once more and writes one line of JSON: what TrainingFigures has.
"""

import json
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn


class Same(nn.Module):
    """A convolution or max-pooling with SAME padding; odd padding goes to the bottom and right."""

    def __init__(self, size, stride, value, inner):
        super().__init__()
        self.size, self.stride, self.value, self.inner = size, stride, value, inner

    def forward(self, x):
        padding = []
        for length in (x.shape[3], x.shape[2]):
            outputs = -(-length // self.stride)
            total = max(0, (outputs - 1) * self.stride + self.size - length)
            padding += [total // 2, total - total // 2]
        return self.inner(F.pad(x, padding, value=self.value) if any(padding) else x)


def convolution(inputs, outputs, size, stride=1):
    if stride == 1 and size % 2 == 1:
        return nn.Conv2d(inputs, outputs, size, padding=size // 2)
    return Same(size, stride, 0.0, nn.Conv2d(inputs, outputs, size, stride))


class Block(nn.Module):
    def __init__(self, filters, size):
        super().__init__()
        self.conv1 = convolution(filters, filters, size)
        self.conv2 = convolution(filters, filters, size)

    def forward(self, x):
        return F.relu(self.conv2(F.relu(self.conv1(x))) + x)


def refiner(network):
    channels, size, filters = network["channels"], network["filterSize"], network["filters"]
    return nn.Sequential(
        convolution(channels, filters, size),
        nn.ReLU(),
        *(Block(filters, size) for _ in range(network["blocks"])),
        convolution(filters, channels, 1),
        nn.Tanh(),
    )


def discriminator(network):
    layers, inputs = [], network["channels"]
    for layer in network["layers"]:
        size, stride = layer["size"], layer["stride"]
        if layer["type"] == "convolution":
            layers += [convolution(inputs, layer["filters"], size, stride), nn.ReLU()]
            inputs = layer["filters"]
        else:
            layers.append(Same(size, stride, -torch.inf, nn.MaxPool2d(size, stride)))
    return nn.Sequential(*layers, convolution(inputs, 2, 1))


def optimizer(description, parameters):
    rate = description["learningRate"]
    if description["type"] == "sgd":
        return torch.optim.SGD(parameters, lr=rate, momentum=description["momentum"])
    betas = (description["beta1"], description["beta2"])
    return torch.optim.Adam(parameters, lr=rate, betas=betas, eps=description["epsilon"])


class Training:
    def __init__(self, plan, shape, device, compiled):
        self.schedule, self.losses, self.shape = plan["schedule"], plan["losses"], shape
        self.device = device
        self.refiner = self.placed(refiner(plan["refiner"]), compiled)
        self.discriminator = self.placed(discriminator(plan["discriminator"]), compiled)
        self.of_refiner = optimizer(plan["refinerOptimizer"], self.refiner.parameters())
        self.of_discriminator = optimizer(
            plan["discriminatorOptimizer"], self.discriminator.parameters()
        )
        self.history = None
        batch = self.schedule["batch"]
        size = [shape[side] for side in ("channels", "height", "width")]
        self.pool = [2 * torch.rand(batch, *size) - 1 for _ in range(8)]
        if torch.device(device).type == "cuda":
            self.pool = [images.pin_memory() for images in self.pool]
        self.turn = 0

    def placed(self, network, compiled):
        network = network.to(self.device, memory_format=torch.channels_last)
        return torch.compile(network, dynamic=False) if compiled else network

    def images(self, count):
        """Copies from host memory, where the images of a training come from."""
        self.turn += 1
        images = self.pool[self.turn % len(self.pool)][:count]
        images = images.to(self.device, non_blocking=True)
        return images.contiguous(memory_format=torch.channels_last)

    def cross_entropy(self, images, targets):
        """The loss of every patch; targets has one class per image."""
        logits = self.discriminator(images)
        patches = torch.tensor(targets, device=logits.device).view(-1, 1, 1).expand(-1, *logits.shape[2:])
        return F.cross_entropy(logits, patches, reduction=self.losses["adversarial"].lower())

    def update_refiner(self, synthetic):
        self.discriminator.requires_grad_(False)
        refined = self.refiner(synthetic)
        difference = F.l1_loss(
            refined, synthetic, reduction=self.losses["selfRegularisation"].lower()
        )
        loss = self.cross_entropy(refined, [0] * len(refined)) + self.losses["lambda"] * difference
        self.of_refiner.zero_grad()
        loss.backward()
        self.of_refiner.step()
        self.discriminator.requires_grad_(True)
        return loss.item()

    def update_discriminator(self, real):
        batch = self.schedule["batch"]
        half = batch // 2
        with torch.no_grad():
            current = self.refiner(self.images(batch if self.history is None else batch - half))
        refined = current if self.history is None else torch.cat([current, self.history])
        loss = self.cross_entropy(torch.cat([real, refined]), [0] * batch + [1] * batch)
        self.of_discriminator.zero_grad()
        loss.backward()
        self.of_discriminator.step()
        self.history = current[:half].clone()
        return loss.item()

    def step(self):
        batch = self.schedule["batch"]
        for _ in range(self.schedule["refinerUpdates"]):
            self.update_refiner(self.images(batch))
        for _ in range(self.schedule["discriminatorUpdates"]):
            self.update_discriminator(self.images(batch))


def peak_bytes():
    """The peak of this process alone; getrusage would include the process it was forked from."""
    with open("/proc/self/status", encoding="ascii") as status:
        for line in status:
            if line.startswith("VmHWM:"):
                return 1024 * int(line.split()[1])
    return 0


class Steps:
    """Measures TrainingFigures; reads the losses of every update, as the trainer does."""

    def __init__(self, task, device="cpu", compiled=False):
        self.task = task
        torch.manual_seed(1)
        self.training = Training(task["plan"], task["shape"], device, compiled)

    def measure(self):
        # The second step is the first one with a history, and so has different shapes.
        self.training.step()
        self.training.step()
        most = self.task["steps"] or sys.maxsize
        steps, start, computed = 0, time.perf_counter(), time.process_time()
        while steps == 0 or (steps < most and time.perf_counter() - start < self.task["seconds"]):
            self.training.step()
            steps += 1
        return {
            "steps": steps,
            "seconds": time.perf_counter() - start,
            "processorSeconds": time.process_time() - computed,
            "waited": 0,
            "peakBytes": peak_bytes(),
        }


def main():
    steps = Steps(json.loads(sys.stdin.readline()))
    for _ in sys.stdin:
        print(json.dumps(steps.measure()), flush=True)


if __name__ == "__main__":
    main()
