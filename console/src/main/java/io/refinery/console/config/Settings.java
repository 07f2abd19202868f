package io.refinery.console.config;

import io.dropwizard.util.DataSize;
import io.refinery.engine.Device;
import io.refinery.engine.Precision;
import io.refinery.storage.CredentialsSource;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithConverter;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Every property of Refinery. Sources in rising order: the default given here, a system started by
 * {@code refinery up} on this machine, the configuration file, the environment ({@code
 * REFINERY_KAFKA_BOOTSTRAP_SERVERS}), and flags.
 */
@ConfigMapping(prefix = "refinery")
public interface Settings {

  Kafka kafka();

  Storage storage();

  Worker worker();

  Trainer trainer();

  Exporter exporter();

  Engines engines();

  Cleaning cleaning();

  Models models();

  Log log();

  /**
   * Whether spans are sent to a collector of OpenTelemetry; default {@code auto}, if the
   * environment says where to ({@code OTEL_EXPORTER_OTLP_ENDPOINT}).
   */
  @WithDefault("auto")
  BooleanOrAuto tracing();

  /** Folder for caches and for the data of {@code refinery up}; default {@code ~/.refinery}. */
  @WithDefault("${user.home}/.refinery")
  Path home();

  /** The broker. */
  interface Kafka {

    /** Where to find the first broker, {@code host:port} separated by commas. */
    Optional<String> bootstrapServers();

    /** What every topic's name begins with; default {@code refinery.}. */
    @WithDefault("refinery.")
    String topicPrefix();

    /**
     * Partitions of the topic of jobs when it is created; default 0: one, enough for any number of
     * workers, or 64 without share groups.
     */
    @WithDefault("0")
    int jobPartitions();

    /** Copies of each topic when it is created; default 1. */
    @WithDefault("1")
    short replicationFactor();

    /** Further properties of every Kafka client, such as {@code security.protocol}. */
    Map<String, String> properties();
  }

  /** The object store: any S3 service. */
  interface Storage {

    /** Its address, such as {@code http://127.0.0.1:9000}. */
    Optional<URI> endpoint();

    /** Its region; default {@code us-east-1}, which MinIO answers to. */
    @WithDefault("us-east-1")
    String region();

    Optional<String> accessKey();

    Optional<String> secretKey();

    /**
     * Where its keys come from: {@code static}, {@code file}, {@code web-identity}, {@code
     * aws-profile}, {@code instance}, {@code chain}; default {@code static}, the two keys above.
     */
    @WithDefault("static")
    CredentialsSource credentials();

    /** File or folder with its keys. */
    Optional<Path> credentialsFile();

    /** Security token service for a web identity; default that of AWS in the region. */
    Optional<URI> stsEndpoint();

    /** PEM file of the authorities that may issue its certificate; default those of Java. */
    Optional<Path> certificates();

    /** Bucket for models, bundles that are submitted, and results; default {@code refinery}. */
    @WithDefault("refinery")
    String bucket();
  }

  /** The worker. */
  interface Worker {

    /**
     * Engine that refines: {@code auto}, {@code onnx}, {@code dl4j} or {@code torch}; default
     * {@code auto}.
     */
    @WithDefault("auto")
    String engine();

    /** Where it refines: {@code cpu}, {@code cuda:0}; default {@code cpu}. */
    @WithDefault("cpu")
    @WithConverter(DeviceConverter.class)
    Device device();

    /**
     * What it computes in: {@code full}, {@code tf32}, {@code bfloat16}, {@code half}; default
     * {@code full}.
     */
    @WithDefault("full")
    Precision precision();

    /** Images refined at a time; default {@code auto}, as many as the engine is fastest with. */
    @WithDefault("auto")
    CountOrAuto batchSize();

    /** Group that shares the jobs; default {@code refinery-workers}. */
    @WithDefault("refinery-workers")
    String group();

    /**
     * Buckets, or prefixes as {@code bucket/prefix}, that jobs may read from; default the bucket of
     * {@code refinery.storage.bucket}.
     */
    Optional<List<String>> allowedBuckets();

    /** How often channels are looked up when no message announces a move; default 60 s. */
    @WithDefault("PT60S")
    Duration modelPollInterval();

    /**
     * Models that it loads at startup, and without which it is not ready; {@code none} for none.
     * Default {@code eyes@stable}, which jobs of {@code refinery submit} use by default.
     */
    @WithDefault("eyes@stable")
    List<String> warm();

    /** The most time that a job may run, after which it fails; default none. */
    Optional<Duration> timeLimit();

    /** The most time that a job may run without progress, after which the try fails; 10 minutes. */
    @WithDefault("PT10M")
    Duration stallLimit();

    /** Port of metrics and health over HTTP, 0 for none; default 0. */
    @WithDefault("0")
    int statusPort();

    /** Address that this port is opened on; default {@code 127.0.0.1}, this machine alone. */
    @WithDefault("127.0.0.1")
    String statusAddress();

    Limits limits();

    /** What a bundle may be. */
    interface Limits {

      /** Size of a bundle's file, such as {@code 500 MiB}; default {@code 64 GiB}. */
      @WithDefault("64 GiB")
      DataSize bytes();

      /** Rows or columns of an image, in pixels; default 4,096. */
      @WithDefault("4096")
      int side();

      /**
       * Pixels of an image, height times width; default {@code auto}, as many as a refiner with 64
       * feature maps has native memory for: 1 KiB per pixel.
       */
      @WithDefault("auto")
      CountOrAuto pixels();

      /** Images of a bundle; default 10,000,000. */
      @WithDefault("10000000")
      long images();

      /** Bytes that decompression may make of one; default 1,000. */
      @WithDefault("1000")
      double inflation();
    }
  }

  /** The trainer. */
  interface Trainer {

    /** Engine that trains: {@code auto}, {@code dl4j} or {@code torch}; default {@code auto}. */
    @WithDefault("auto")
    String engine();

    /** Where it trains: {@code cpu}, {@code cuda:0}; default {@code cpu}. */
    @WithDefault("cpu")
    @WithConverter(DeviceConverter.class)
    Device device();

    /** Group that shares the requests for trainings; default {@code refinery-trainers}. */
    @WithDefault("refinery-trainers")
    String group();

    /**
     * Buckets, or prefixes as {@code bucket/prefix}, that trainings may read from; default the
     * bucket of the storage.
     */
    Optional<List<String>> allowedBuckets();

    /** Port of a trainer service's metrics and health over HTTP, 0 for none; default 0. */
    @WithDefault("0")
    int statusPort();

    /** Address that this port is opened on; default {@code 127.0.0.1}, this machine alone. */
    @WithDefault("127.0.0.1")
    String statusAddress();

    /** File with a request that a trainer service sends when it starts, if it is new. */
    Optional<Path> start();

    Gate gate();

    /** What a new version must show for a channel to move to it by itself; off as it comes. */
    interface Gate {

      /** Channel that it moves; default {@code stable}. */
      @WithDefault("stable")
      String channel();

      /** By how much labels may shift, in pixels; default none, they are not asked about. */
      Optional<Double> maxLabelShift();

      /** Whether refined images must be nearer to real ones than those of the present version. */
      @WithDefault("false")
      boolean betterDistance();
    }
  }

  /** The exporter of what waits on the broker. */
  interface Exporter {

    /** Port of its metrics and figures over HTTP, 0 for any free one; default 9102. */
    @WithDefault("9102")
    int statusPort();

    /** Address that this port is opened on; default {@code 127.0.0.1}, this machine alone. */
    @WithDefault("127.0.0.1")
    String statusAddress();

    /** Time between two readings of the broker, more than zero; default 5 s. */
    @WithDefault("PT5S")
    Duration interval();
  }

  /** Removal of what ended processes left in the store. */
  interface Cleaning {

    /** How old a leftover is when it is removed, more than zero; default a day. */
    @WithDefault("PT24H")
    Duration age();

    /** Time between two sweeps of all workers, zero for none; default 6 hours. */
    @WithDefault("PT6H")
    Duration interval();
  }

  /** Signatures of model versions. */
  interface Models {

    /** File with the Ed25519 private key that signs the versions published from here. */
    Optional<Path> signingKeyFile();

    /** That key itself, as PEM; for the environment. */
    Optional<String> signingKey();

    /**
     * Files with the public keys one of which must have signed a version; default none, signatures
     * are not checked.
     */
    Optional<List<Path>> trustedKeys();
  }

  /** The log, on standard error. */
  interface Log {

    /** {@code text}, or {@code json} for one object per line; default {@code text}. */
    @WithDefault("text")
    Format format();

    /** The least severe lines of Refinery itself; default {@code warn}. */
    @WithDefault("warn")
    Level level();

    /** How lines are written. */
    enum Format {
      TEXT,
      JSON
    }

    /** What is logged. */
    enum Level {
      WARN,
      INFO,
      DEBUG
    }
  }

  /** The engines of this machine. */
  interface Engines {

    /** How worker and trainer try the engines before they start; default {@code speeds}. */
    @WithDefault("speeds")
    Examine examine();

    Onnx onnx();

    Torch torch();

    Dl4j dl4j();

    /** How engines are tried, each in a process of its own. */
    enum Examine {
      /** What can be used, and how fast it is: some seconds an engine. */
      SPEEDS,
      /** What can be used. */
      BRIEF,
      /** Not at all: an engine that crashes ends the service. */
      NONE
    }

    /** The engine onnx. */
    interface Onnx {

      /** Threads that refine on a CPU, at least 1; default {@code auto}, measured. */
      @WithDefault("auto")
      CountOrAuto threads();

      /**
       * Whether these threads busy-wait while a batch is refined; default {@code auto}, measured.
       */
      @WithDefault("auto")
      BooleanOrAuto spinning();

      /**
       * Images of 55x35 that go through the network at once, at least 1, proportionally fewer
       * larger ones; default {@code auto}, measured on a CPU and 256 on a GPU.
       */
      @WithDefault("auto")
      CountOrAuto microBatch();

      /**
       * Whether TensorRT computes on a GPU; default {@code auto}, if its libraries are installed
       * and the precision is not full.
       */
      @WithDefault("auto")
      BooleanOrAuto tensorrt();

      /**
       * Whether channels come last in a GPU's memory (NHWC); default {@code auto}, except in full
       * precision.
       */
      @WithDefault("auto")
      BooleanOrAuto channelsLast();
    }

    /** The engine torch. */
    interface Torch {

      /**
       * Threads of a refiner on a CPU, at least 1, each of which refines its own images; default
       * {@code auto}, measured: the cores, or half of them.
       */
      @WithDefault("auto")
      CountOrAuto threads();

      /**
       * Images of 55x35 that are refined at once, at least 1, proportionally fewer larger ones;
       * default {@code auto}, measured on a CPU and 256 on a GPU.
       */
      @WithDefault("auto")
      CountOrAuto microBatch();

      /** How a CPU convolves; default {@code auto}, whichever measures faster. */
      @WithDefault("auto")
      Convolution convolution();

      /** Whether a GPU stores feature maps channels last; default {@code true}. */
      @WithDefault("true")
      boolean channelsLast();

      /** Whether cuDNN tries its algorithms on every new shape; default {@code true}. */
      @WithDefault("true")
      boolean cudnnBenchmark();

      /** Whether images are copied to a GPU from pinned memory; default {@code true}. */
      @WithDefault("true")
      boolean pinnedMemory();

      /** Whether one GPU stream copies while another computes; default {@code true}. */
      @WithDefault("true")
      boolean overlapCopies();

      /**
       * Whether a micro-batch's computation is recorded once and replayed as a CUDA graph; default
       * {@code false}.
       */
      @WithDefault("false")
      boolean cudaGraphs();

      /**
       * Whether cuDNN fuses a block's bias, sum and ReLU into its convolution; default {@code
       * false}.
       */
      @WithDefault("false")
      boolean fusedConvolutions();

      /** Whether training on a GPU multiplies 10-bit mantissas (TF32); default {@code false}. */
      @WithDefault("false")
      boolean trainingTf32();

      /**
       * Whether training on a GPU gives the same bits every time; default {@code true}. Otherwise
       * cuDNN tries its algorithms and uses the fastest.
       */
      @WithDefault("true")
      boolean trainingDeterministic();

      /** How a CPU convolves. */
      enum Convolution {
        /** Whichever measures faster. */
        AUTO,
        /** NNPACK: Winograd, Fourier; results differ by about 1e-6. */
        FAST,
        /** oneDNN. */
        PLAIN
      }
    }

    /** The engine dl4j. */
    interface Dl4j {

      /**
       * Images of 55x35 that go through the network at once when refining, at least 1,
       * proportionally fewer larger ones; default {@code auto}, measured on a CPU and 256 on a GPU.
       */
      @WithDefault("auto")
      CountOrAuto microBatch();
    }
  }
}
