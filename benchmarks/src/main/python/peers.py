"""Times refining and the steps of Algorithm 1 with PyTorch and ONNX Runtime in Python.

Reads one task as a line from standard input, as PerformanceBenchmark writes it (EngineTask). For
every further line it measures once more and writes one line of JSON, in the form of EngineFigures.
Engines: pytorch (eager), pytorch-compiled, onnxruntime. Images are passed and returned as host
arrays, as with every engine.
"""

import json
import pathlib
import sys
import time

import numpy

import training_step

HEIGHT, WIDTH = 35, 55
EYES = {"channels": 1, "filterSize": 3, "filters": 64, "blocks": 4}


def images(count):
    return numpy.random.default_rng(1).uniform(-1, 1, (count, 1, HEIGHT, WIDTH)).astype("float32")


def rate(refine, batch, seconds):
    """Returns images per second for consecutive batches."""

    def count():
        end, batches = time.perf_counter() + seconds, 0
        while batches == 0 or time.perf_counter() < end:
            refine(array)
            batches += 1
        return batches

    array = images(batch)
    count()
    start = time.perf_counter()
    return count() * batch / (time.perf_counter() - start)


class Torch:
    def __init__(self, task):
        import torch

        self.torch = torch
        self.device = torch.device(task["device"])
        self.precision = task["precision"]
        self.steps = None
        types = {"half": torch.float16, "bfloat16": torch.bfloat16}
        self.type = types.get(self.precision, torch.float32)
        torch.backends.cudnn.benchmark = True
        torch.backends.cuda.matmul.allow_tf32 = self.precision == "tf32"
        torch.backends.cudnn.allow_tf32 = self.precision == "tf32"
        network = training_step.refiner(EYES).eval()
        network = network.to(self.device, self.type, memory_format=torch.channels_last)
        self.compiled = task["engine"] == "pytorch-compiled"
        self.network = torch.compile(network, dynamic=False) if self.compiled else network

    def description(self):
        return "PyTorch " + self.torch.__version__ + (", compiled" if self.compiled else ", eager")

    def refine(self, array):
        torch = self.torch
        with torch.inference_mode():
            batch = torch.from_numpy(array).to(self.device, non_blocking=True)
            batch = batch.to(self.type, memory_format=torch.channels_last)
            return self.network(batch).float().cpu().contiguous().numpy()

    def gigaflops(self):
        """The GPU's peak rate: the product of two large matrices in the same precision."""
        if self.device.type != "cuda" or self.compiled:
            return 0
        torch, side, times = self.torch, 8192, 20
        # So that the matrices reuse the memory of the images.
        torch.cuda.empty_cache()
        left = torch.randn(side, side, device=self.device, dtype=self.type)
        right = torch.randn(side, side, device=self.device, dtype=self.type)
        for _ in range(times):
            left @ right
        torch.cuda.synchronize()
        start = time.perf_counter()
        for _ in range(times):
            left @ right
        torch.cuda.synchronize()
        return times * 2 * side**3 / 1e9 / (time.perf_counter() - start)

    def training(self, task):
        if self.steps is None:
            self.steps = training_step.Steps(task, self.device, self.compiled)
        return self.steps.measure()


class OnnxRuntime:
    def __init__(self, task):
        import onnxruntime

        self.version = onnxruntime.__version__
        providers = ["CPUExecutionProvider"]
        if task["device"] != "cpu":
            number = int(task["device"].split(":")[1])
            providers = [("CUDAExecutionProvider", {"device_id": number})]
        half = task["precision"] == "half"
        file = pathlib.Path(task["model"]) / ("refiner-half.onnx" if half else "refiner.onnx")
        self.session = onnxruntime.InferenceSession(str(file), providers=providers)

    def description(self):
        return "ONNX Runtime " + self.version + ", Python"

    def refine(self, array):
        return self.session.run(["refined"], {"synthetic": array})[0]

    def gigaflops(self):
        return 0


def figures(peer, task):
    rates = {str(batch): rate(peer.refine, batch, task["seconds"]) for batch in task["batches"]}
    measured = {
        "description": peer.description(),
        "imagesPerSecond": rates,
        "gigaflops": peer.gigaflops() if rates else 0,
    }
    if task.get("training"):
        measured["training"] = peer.training(task["training"])
    measured["peakBytes"] = training_step.peak_bytes()
    return measured


def main():
    task = json.loads(sys.stdin.readline())
    peer = OnnxRuntime(task) if task["engine"] == "onnxruntime" else Torch(task)
    for _ in sys.stdin:
        print(json.dumps(figures(peer, task)), flush=True)


if __name__ == "__main__":
    main()
