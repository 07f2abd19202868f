package io.refinery.broker;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A producer of a broker that refuses large records. */
final class LimitedProducer extends MockProducer<String, byte[]> {

  private final int largest;
  private final List<ProducerRecord<String, byte[]>> accepted = new ArrayList<>();

  /**
   * @param largest bytes of a record's value and headers
   */
  LimitedProducer(int largest) {
    super(false, null, new StringSerializer(), new ByteArraySerializer());
    this.largest = largest;
  }

  @Override
  public synchronized Future<RecordMetadata> send(
      ProducerRecord<String, byte[]> record, Callback callback) {
    Future<RecordMetadata> answer = super.send(record, callback);
    int bytes = bytes(record);
    if (bytes > largest) {
      errorNext(new RecordTooLargeException(bytes + " bytes"));
    } else {
      accepted.add(record);
      completeNext();
    }
    return answer;
  }

  /** The records that the broker has stored. */
  synchronized List<ProducerRecord<String, byte[]>> accepted() {
    return List.copyOf(accepted);
  }

  static int bytes(ProducerRecord<String, byte[]> record) {
    int bytes = record.value() == null ? 0 : record.value().length;
    for (Header header : record.headers()) {
      bytes += header.key().length() + (header.value() == null ? 0 : header.value().length);
    }
    return bytes;
  }
}
