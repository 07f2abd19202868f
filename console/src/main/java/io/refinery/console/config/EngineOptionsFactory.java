package io.refinery.console.config;

import io.refinery.engine.EngineOptions;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The options of all engines that the settings ask for. */
public final class EngineOptionsFactory {

  private EngineOptionsFactory() {}

  public static EngineOptions of(Settings settings) {
    Map<String, String> options = new HashMap<>();
    Settings.Engines.Onnx onnx = settings.engines().onnx();
    put(options, "onnx.threads", onnx.threads());
    put(options, "onnx.spinning", onnx.spinning());
    put(options, "onnx.micro-batch", onnx.microBatch());
    put(options, "onnx.tensorrt", onnx.tensorrt());
    put(options, "onnx.channels-last", onnx.channelsLast());
    Settings.Engines.Torch torch = settings.engines().torch();
    put(options, "torch.threads", torch.threads());
    put(options, "torch.micro-batch", torch.microBatch());
    put(options, "torch.convolution", torch.convolution().name().toLowerCase(Locale.ROOT));
    put(options, "torch.channels-last", torch.channelsLast());
    put(options, "torch.cudnn-benchmark", torch.cudnnBenchmark());
    put(options, "torch.pinned-memory", torch.pinnedMemory());
    put(options, "torch.overlap-copies", torch.overlapCopies());
    put(options, "torch.cuda-graphs", torch.cudaGraphs());
    put(options, "torch.fused-convolutions", torch.fusedConvolutions());
    put(options, "torch.training-tf32", torch.trainingTf32());
    put(options, "torch.training-deterministic", torch.trainingDeterministic());
    put(options, "dl4j.micro-batch", settings.engines().dl4j().microBatch());
    return new EngineOptions(options);
  }

  private static void put(Map<String, String> options, String name, Object value) {
    options.put(EngineOptions.PREFIX + name, value.toString());
  }
}
