package io.refinery.message;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.deser.std.FromStringDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import io.refinery.json.Json;
import io.refinery.registry.ModelReference;
import io.refinery.registry.ModelVersion;
import java.io.IOException;

/** The JSON format of messages: versions are written as {@code eyes@7}. */
final class MessageJson {

  private static final ObjectMapper MAPPER = Json.mapper().copy().registerModule(module());

  private MessageJson() {}

  static byte[] write(Object message) {
    try {
      return MAPPER.writeValueAsBytes(message);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("Cannot write a message as JSON: " + message, e);
    }
  }

  static <T> T read(byte[] json, Class<T> type) {
    T message;
    try {
      message = MAPPER.readValue(json, type);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "This is not a " + type.getSimpleName() + ": " + e.getMessage(), e);
    }
    if (message == null) {
      throw new IllegalArgumentException("This is no " + type.getSimpleName() + ": null");
    }
    return message;
  }

  private static SimpleModule module() {
    return new SimpleModule()
        .addSerializer(ModelVersion.class, ToStringSerializer.instance)
        .addDeserializer(ModelVersion.class, new VersionReader());
  }

  private static final class VersionReader extends FromStringDeserializer<ModelVersion> {
    private static final long serialVersionUID = 1L;

    VersionReader() {
      super(ModelVersion.class);
    }

    @Override
    protected ModelVersion _deserialize(String text, DeserializationContext context) {
      if (ModelReference.parse(text) instanceof ModelReference.ToVersion reference) {
        return reference.version();
      }
      throw new IllegalArgumentException("'" + text + "' is not a version such as eyes@7");
    }
  }
}
