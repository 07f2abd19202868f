package io.refinery.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.refinery.json.Json;
import io.refinery.message.ParsedMessage.Accepted;
import io.refinery.message.ParsedMessage.Rejected;
import io.refinery.message.TrainingControl.Action;
import io.refinery.registry.ModelReference;
import io.refinery.storage.ObjectRef;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingMessageTest {

  private static final String SYNTHETIC = "s3://refinery/bundles/renders.h5";
  private static final String REAL = "s3://refinery/photos/";

  @Test
  void aHandwrittenRequestIsRead() {
    TrainingRequest order =
        order(
            null,
            """
            {"schema": "refinery.training/1", "id": "mine", "model": "hands",
             "synthetic": "s3://refinery/bundles/renders.h5",
             "real": ["s3://refinery/photos/", "s3://other/more.zip"],
             "preset": "quick", "plan": {"schedule.steps": 500, "losses.adversarial": "SUM",
             "feed.flip": true, "refinerOptimizer": {"type": "sgd", "learningRate": 0.1}},
             "from": "hands@2", "realCaption": "photo", "labelledReal": "s3://refinery/gaze.h5"}
            """);

    assertThat(order.synthetic().bundles()).containsExactly(ObjectRef.parse(SYNTHETIC));
    assertThat(order.real().bundles())
        .containsExactly(ObjectRef.parse(REAL), ObjectRef.parse("s3://other/more.zip"));
    assertThat(order.preset()).contains("quick");
    assertThat(order.plan())
        .containsOnly(
            Map.entry("schedule.steps", "500"),
            Map.entry("losses.adversarial", "SUM"),
            Map.entry("feed.flip", "true"),
            Map.entry("refinerOptimizer", "{\"type\":\"sgd\",\"learningRate\":0.1}"));
    assertThat(order.from()).contains(ModelReference.parse("hands@2"));
    assertThat(order.realCaption()).contains("photo");
    assertThat(order.labelledReal().bundles())
        .containsExactly(ObjectRef.parse("s3://refinery/gaze.h5"));
  }

  @Test
  void foldersOfImagesAreReadForEachDomain() {
    TrainingRequest order =
        order(
            "mine",
            """
            {"model": "hands", "synthetic": {"bundles": "s3://refinery/a.zip", "images": ["rgb"]},
             "real": {"bundles": ["s3://refinery/photos/"], "images": ["cam1", "*_l.png"]},
             "labelledReal": {"bundles": ["s3://refinery/gaze.h5"]}}
            """);

    assertThat(order.synthetic())
        .isEqualTo(
            new TrainingSource(List.of(ObjectRef.parse("s3://refinery/a.zip")), List.of("rgb")));
    assertThat(order.real().images()).containsExactly("cam1", "*_l.png");
    assertThat(order.labelledReal())
        .isEqualTo(new TrainingSource(List.of(ObjectRef.parse("s3://refinery/gaze.h5"))));
    assertThat(TrainingRequest.read(Optional.empty(), order.toJson()))
        .isEqualTo(new Accepted<>(order));
  }

  @Test
  void aWrittenRequestIsReadBack() {
    TrainingRequest order =
        new TrainingRequest(
            "mine",
            "hands",
            List.of(ObjectRef.parse(SYNTHETIC)),
            List.of(ObjectRef.parse(REAL)),
            Optional.of("quick"),
            Map.of("schedule.steps", "500"),
            Optional.of(ModelReference.parse("hands@latest")),
            Optional.of("photo"),
            List.of());

    assertThat(TrainingRequest.read(Optional.empty(), order.toJson()))
        .isEqualTo(new Accepted<>(order));
  }

  @Test
  void theKeyReplacesAMissingIdAndUnknownFieldsAreIgnored() {
    TrainingRequest order = order("my-key", with("\"urgent\": [1]"));

    assertThat(order.id()).isEqualTo("my-key");
    assertThat(order.plan()).isEmpty();
    assertThat(order.from()).isEmpty();
  }

  @Test
  void anotherMajorVersionIsRefusedEvenIfItsFieldsAreValid() {
    Rejected<TrainingRequest> rejected =
        rejected("my-key", with("\"schema\": \"refinery.training/2\""));

    assertThat(rejected.code()).isEqualTo(ErrorCode.UNKNOWN_SCHEMA);
    assertThat(rejected.id()).contains("my-key");
    assertThat(rejected.message()).contains("refinery.training/2", "refinery.training/1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          model        | "model": "HANDS"
          model        | "model": null
          synthetic    | "synthetic": []
          synthetic    | "synthetic": "/home/me/renders.h5"
          real         | "real": {"bucket": "refinery"}
          real         | "real": ["s3://refinery/a.h5", 7]
          real         | "real": {"bundles": "s3://refinery/a.zip", "images": "rgb"}
          real         | "real": {"bundles": "s3://refinery/a.zip", "images": [""]}
          real         | "real": {"bundles": {"bundles": "s3://refinery/a.zip"}}
          labelledReal | "labelledReal": {"images": ["rgb"]}
          preset       | "preset": 7
          plan         | "plan": ["schedule.steps"]
          from         | "from": "HANDS@1"
          from         | "from": "eyes@1"
          realCaption  | "realCaption": ["photo"]
          labelledReal | "labelledReal": "gaze.h5"
          id           | "id": "../../etc"
          """)
  void anErrorIsOneSentenceThatNamesItsField(String field, String mistake) {
    Rejected<TrainingRequest> rejected = rejected("my-key", with(mistake));

    assertThat(rejected.code()).isEqualTo(ErrorCode.BAD_MESSAGE);
    assertThat(rejected.message()).contains("'" + field + "'").endsWith(".");
    assertThat(rejected.id()).contains("my-key");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "not json", "[]", "\"text\"", "{\"id\": \"mine\"}"})
  void anInvalidRequestIsRejectedWithASentence(String value) {
    assertThat(rejected("my-key", value).message()).endsWith(".").hasSizeGreaterThan(10);
    assertThat(rejected("my-key", value).id()).isPresent();
  }

  @Test
  void aHandwrittenControlMessageIsRead() {
    assertThat(control("mine", "{\"action\": \"cancel\"}"))
        .isEqualTo(new TrainingControl("mine", Action.CANCEL));
    assertThat(control(null, "{\"id\": \"mine\", \"action\": \"pause\"}"))
        .isEqualTo(new TrainingControl("mine", Action.PAUSE));
    assertThatThrownBy(() -> control("mine", "{\"action\": \"faster\"}"))
        .hasMessageContaining("'action'")
        .hasMessageContaining("faster");
    assertThatThrownBy(() -> control("mine", "{\"id\": \"mine\"}"))
        .hasMessageContaining("'action'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'id':'mine','model':'hands','synthetic':'s3://b/a','real':'s3://b/b'} {}",
        "{'id':'mine','model':'hands','model':'eyes','synthetic':'s3://b/a','real':'s3://b/b'}",
        "{'id':'mine','model':'hands','synthetic':'s3://b/a','real':'s3://b/b',"
            + "'plan':{'schedule.steps':5,'schedule.steps':500}}",
        "{'id':'mine','model':'hands','synthetic':'s3://b/\\ud800','real':'s3://b/b'}",
        "{'id':'mine','model':'hands','synthetic':'s3://b/a','real':'s3://b/b',"
            + "'plan':{'\\ud800':1}}",
        "{'id':'mine','model':'hands','synthetic':'s3://b/a','real':'s3://b/b',"
            + "'realCaption':'\\udfff'}"
      })
  void aRequestThatSaysTwoThingsOrNoTextIsRefusedUnderItsId(String value) {
    Rejected<TrainingRequest> rejected = rejected(null, value.replace('\'', '"'));

    assertThat(rejected.code()).isEqualTo(ErrorCode.BAD_MESSAGE);
    assertThat(rejected.id()).contains("mine");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'action':'pause'} {'action':'cancel'}",
        "{'action':'pause','action':'cancel'}",
        "{'action':'pause','more':'\\ud800'}"
      })
  void aControlMessageThatSaysTwoThingsOrNoTextIsRefused(String value) {
    assertThatThrownBy(() -> control("mine", value.replace('\'', '"')))
        .isInstanceOf(IllegalArgumentException.class);
  }

  /** A valid request with one field added or replaced. */
  private static String with(String field) {
    try {
      ObjectNode request =
          (ObjectNode)
              Json.mapper()
                  .readTree(
                      """
                      {"model": "hands", "synthetic": "s3://refinery/a.h5",
                       "real": "s3://refinery/b.h5"}""");
      request.setAll((ObjectNode) Json.mapper().readTree("{" + field + "}"));
      return request.toString();
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(field, e);
    }
  }

  private static TrainingRequest order(String key, String value) {
    assertThat(read(key, value)).isInstanceOf(Accepted.class);
    return ((Accepted<TrainingRequest>) read(key, value)).request();
  }

  private static Rejected<TrainingRequest> rejected(String key, String value) {
    assertThat(read(key, value)).isInstanceOf(Rejected.class);
    return (Rejected<TrainingRequest>) read(key, value);
  }

  private static ParsedMessage<TrainingRequest> read(String key, String value) {
    return TrainingRequest.read(Optional.ofNullable(key), value.getBytes(StandardCharsets.UTF_8));
  }

  private static TrainingControl control(String key, String value) {
    return TrainingControl.parse(Optional.ofNullable(key), value.getBytes(StandardCharsets.UTF_8));
  }
}
