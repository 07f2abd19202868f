package io.refinery.console.setup;

import io.refinery.broker.BrokerCheck;
import io.refinery.broker.BrokerConfig;
import io.refinery.broker.ShareGroup;
import io.refinery.console.config.Settings;
import io.refinery.console.connection.Connections;
import io.refinery.console.models.ShippedModel;
import io.refinery.trainer.service.TrainerConfig;
import io.refinery.worker.WorkerConfig;
import java.io.IOException;
import org.apache.kafka.clients.admin.Admin;

/** Creates what is missing on a broker and a store, with the rights of their administrator. */
public final class SystemSetup {

  private SystemSetup() {}

  /**
   * Creates the bucket, the topics and the settings of both groups, and publishes the shipped
   * model. What exists is kept, so it may run any number of times.
   *
   * @throws io.refinery.broker.BrokerException if the broker cannot be used
   * @throws io.refinery.storage.StorageException if the store cannot be used
   */
  public static void run(Connections connections) throws IOException {
    connections.storage().ensureBucket(connections.bucket());
    Settings settings = connections.settings();
    BrokerConfig broker =
        new BrokerConfig(
            connections.kafka(),
            connections.topics(),
            settings.kafka().jobPartitions(),
            settings.kafka().replicationFactor());
    WorkerConfig.Delivery delivery = WorkerConfig.Delivery.DEFAULT;
    ShareGroup workers =
        new ShareGroup(settings.worker().group(), delivery.lock(), delivery.deliveries());
    try (Admin admin = connections.admin()) {
      BrokerCheck jobs = new BrokerCheck(admin, broker, workers);
      jobs.prepare();
      jobs.keepUndelivered(connections.topics().jobs());
      new BrokerCheck(admin, broker, TrainerConfig.group(settings.trainer().group())).prepare();
    }
    ShippedModel.publishWhereMissing(connections.registry(), connections.channelMover());
  }
}
