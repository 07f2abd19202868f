package io.refinery.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.refinery.json.Json;
import io.refinery.registry.ModelReference.ToChannel;
import io.refinery.registry.ModelReference.ToVersion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelReferenceTest {

  @Test
  void aNumberIsAVersion() {
    assertThat(ModelReference.parse("eyes@7"))
        .isEqualTo(new ToVersion(new ModelVersion("eyes", 7)));
  }

  @Test
  void aNameAfterTheAtSignIsAChannel() {
    assertThat(ModelReference.parse("eyes@latest")).isEqualTo(new ToChannel("eyes", "latest"));
  }

  @Test
  void aNameAloneIsItsStableChannel() {
    assertThat(ModelReference.parse("eyes")).isEqualTo(new ToChannel("eyes", "stable"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "@",
        "eyes@",
        "@7",
        "eyes@0",
        "eyes@-1",
        "eyes@7@8",
        "Eyes",
        "../eyes",
        "eyes/7"
      })
  void whatIsNoReferenceIsRefusedSayingWhatOneLooksLike(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ModelReference.parse(text))
        .withMessageContainingAll("'" + text + "'", "eyes@7");
  }

  @ParameterizedTest
  @ValueSource(strings = {"eyes@7", "eyes@stable"})
  void inJsonItIsWhatAPersonWrites(String text) throws JsonProcessingException {
    String json = Json.mapper().writeValueAsString(ModelReference.parse(text));

    assertThat(json).isEqualTo("\"" + text + "\"");
    assertThat(Json.mapper().readValue(json, ModelReference.class))
        .isEqualTo(ModelReference.parse(text));
  }
}
