package io.refinery.network;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;

/** A protocol-buffer message that is written field by field, without generated classes. */
final class ProtobufMessage {

  private final ByteString.Output bytes = ByteString.newOutput();
  private final CodedOutputStream out = CodedOutputStream.newInstance(bytes);

  ProtobufMessage number(int field, long value) throws IOException {
    out.writeInt64(field, value);
    return this;
  }

  ProtobufMessage text(int field, String value) throws IOException {
    out.writeString(field, value);
    return this;
  }

  ProtobufMessage bytes(int field, byte[] value) throws IOException {
    out.writeByteArray(field, value);
    return this;
  }

  ProtobufMessage message(int field, ProtobufMessage value) throws IOException {
    out.writeBytes(field, value.toByteString());
    return this;
  }

  ByteString toByteString() throws IOException {
    out.flush();
    return bytes.toByteString();
  }
}
