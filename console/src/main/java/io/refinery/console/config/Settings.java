package io.refinery.console.config;

import io.smallrye.config.ConfigMapping;
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

  Engines engines();

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
     * Partitions of the topic of jobs when it is created; default 1, enough for any number of
     * workers.
     */
    @WithDefault("1")
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
    String device();

    /** What it computes in: {@code full}, {@code tf32}, {@code bfloat16}, {@code half}. */
    @WithDefault("full")
    String precision();

    /** Images refined at a time; default {@code auto}, as many as the engine is fastest with. */
    @WithDefault("auto")
    String batchSize();

    /** Group that shares the jobs; default {@code refinery-workers}. */
    @WithDefault("refinery-workers")
    String group();

    /** Buckets that jobs may read from; default the bucket of {@code refinery.storage.bucket}. */
    Optional<List<String>> allowedBuckets();

    /** How often channels are looked up when no message announces a move; default 60 s. */
    @WithDefault("PT60S")
    Duration modelPollInterval();

    /** Port of metrics and health over HTTP, 0 for none; default 0. */
    @WithDefault("0")
    int statusPort();

    /** Address that this port is opened on; default {@code 127.0.0.1}, this machine alone. */
    @WithDefault("127.0.0.1")
    String statusAddress();

    Limits limits();

    /** What a bundle may be. */
    interface Limits {

      /** Bytes of a bundle's file; default 64 GiB. */
      @WithDefault("68719476736")
      long bytes();

      /** Rows or columns of an image, in pixels; default 4,096. */
      @WithDefault("4096")
      int side();

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
    String device();

    /** Group that shares the requests for trainings; default {@code refinery-trainers}. */
    @WithDefault("refinery-trainers")
    String group();

    /** Buckets that trainings may read from; default the bucket of the storage. */
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

  /** The engines of this machine. */
  interface Engines {

    /** How worker and trainer try the engines before they start; default {@code speeds}. */
    @WithDefault("speeds")
    Examine examine();

    /** How engines are tried, each in a process of its own. */
    enum Examine {
      /** What can be used, and how fast it is: some seconds an engine. */
      SPEEDS,
      /** What can be used. */
      BRIEF,
      /** Not at all: an engine that crashes ends the service. */
      NONE
    }
  }
}
