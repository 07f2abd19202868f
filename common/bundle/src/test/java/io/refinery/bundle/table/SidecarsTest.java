package io.refinery.bundle.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.BundleFault;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Labels in files beside the images. */
class SidecarsTest {

  private static void refused(MemoryFiles files, BundleFault fault, String message) {
    BundleException refusal = files.refusal();
    assertThat(refusal).hasMessageContaining(message);
    assertThat(refusal.fault()).isEqualTo(fault);
  }

  private static MemoryFiles two(String first, String second) {
    return MemoryFiles.numbered("a/", 2).with("a/2.json", second).with("a/1.json", first);
  }

  @Test
  void valuesOfJsonBecomeLabelsInTheImagesOrder() throws Exception {
    ReadLabels labels =
        two(
                "{\"x\": 1, \"pose\": {\"yaw\": 0.5, \"m\": [[1, 2], [3, 4]]}, \"eye\": \"left\","
                    + " \"id\": 9007199254740993, \"tags\": [\"a\", \"b\"], \"ok\": true}",
                "{\"x\": NaN, \"pose\": {\"yaw\": null, \"m\": [[5, 6], [7, 8]]}, \"eye\": \"007\","
                    + " \"id\": 1, \"tags\": [\"c\", \"d\"], \"ok\": false}")
            .read();
    assertThat(labels.names())
        .containsExactly("x", "pose/yaw", "pose/m", "eye", "id", "tags", "ok", "path");
    assertThat(labels.values("x")).containsExactly("1.0", "NaN");
    assertThat(labels.values("pose/yaw")).containsExactly("0.5", "NaN");
    assertThat(labels.label("pose/m").dims()).containsExactly(2, 2);
    assertThat(labels.values("pose/m"))
        .containsExactly("1.0", "2.0", "3.0", "4.0", "5.0", "6.0", "7.0", "8.0");
    assertThat(labels.values("eye")).containsExactly("left", "007");
    assertThat(labels.values("id")).containsExactly("9007199254740993", "1");
    assertThat(labels.values("tags")).containsExactly("a", "b", "c", "d");
    assertThat(labels.values("ok")).containsExactly("true", "false");
    assertThat(labels.leftOut()).isEmpty();
    assertThat(labels.labels().isLabelFile("a/1.json")).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[1, 2]|[1, 2, 3]|it has 2 values in 'a/1.json' and 3 values in 'a/2.json'",
        "1|[1]|it has a single value in 'a/1.json' and 1 values in 'a/2.json'",
        "1|\"a\"|it is a number in some files and text in others, such as 'a/2.json'",
        "[{\"b\": 1}]|[{\"b\": 1}]|an array of objects cannot be a label",
        "[[1], [2, 3]]|[[1], [2, 3]]|its inner arrays differ in length",
        "[1, \"a\"]|[1, \"a\"]|it mixes numbers and text",
        "[]|[]|it is an empty array",
        "null|null|it is always null",
        "\"a\"|null|it is null in some files",
      })
  void whatCannotBeALabelIsNamed(String first, String second, String why) throws Exception {
    ReadLabels labels =
        two("{\"v\": " + first + ", \"x\": 1}", "{\"v\": " + second + ", \"x\": 2}").read();
    assertThat(labels.names()).containsExactly("x", "path");
    assertThat(labels.labels().leftOut())
        .singleElement()
        .satisfies(
            omission -> {
              assertThat(omission.what()).isEqualTo("*.json: v");
              assertThat(omission.why()).isEqualTo(why);
            });
  }

  @Test
  void aFileMayBeOneArray() throws Exception {
    assertThat(two("[1, 2]", "[3, 4]").read().values("json"))
        .containsExactly("1.0", "2.0", "3.0", "4.0");
  }

  @Test
  void keysThatSomeFilesDoNotHaveAreNamed() throws Exception {
    ReadLabels labels =
        two("{\"x\": 1, \"first\": 1}", "{\"x\": 2, \"second\": 2, \"\": 3}").read();
    assertThat(labels.values("x")).containsExactly("1.0", "2.0");
    assertThat(labels.leftOut()).containsExactly("*.json: first", "*.json: ", "*.json: second");
  }

  @Test
  void aMissingFileIsRefusedAndAStrayOneIsCarried() throws Exception {
    MemoryFiles files = MemoryFiles.numbered("", 3).with("1.json", "{\"x\": 1}");
    assertThat(files.with("info.json", "[").with("2.json", "{\"x\": 2}").refusal())
        .hasMessage("1 of 3 images have no .json file beside them, as the others do ('3.png')");
    ReadLabels labels = files.with("3.json", "{\"x\": 3}").read();
    assertThat(labels.values("x")).containsExactly("1.0", "2.0", "3.0");
    assertThat(labels.leftOut()).containsExactly("info.json");
  }

  @Test
  void aFileBesideTwoImagesIsRefused() {
    refused(
        MemoryFiles.images("1.png", "1.jpg").with("1.json", "{}"),
        BundleFault.AMBIGUOUS,
        "share their name with several images");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"x\": 1, \"x\": 2}|Duplicate field 'x'",
        "{\"x\": 1} {}|there is more after its end",
        "{\"x\": 1|Unexpected end-of-input",
        "{x: 1}|Unexpected character",
      })
  void brokenJsonIsRefused(String json, String message) {
    refused(two(json, "{\"x\": 1}"), BundleFault.UNREADABLE, "'a/1.json' is not valid JSON");
    refused(two(json, "{\"x\": 1}"), BundleFault.UNREADABLE, message);
  }

  @Test
  void twoValuesOfOnePathAreRefused() {
    refused(
        two("{\"a/b\": 1, \"a\": {\"b\": 2}}", "{}"),
        BundleFault.AMBIGUOUS,
        "'a/1.json' has two values for 'a/b'");
    refused(
        two("{\"x\": 1}", "{\"x\": 2}").with("labels.csv", "file,x", "a/1.png,1", "a/2.png,2"),
        BundleFault.AMBIGUOUS,
        "Label 'x' is given twice, by labels.csv and by *.json");
  }

  @Test
  void textFilesOfWebDatasetAreLabelsIfEveryImageHasOne() throws Exception {
    MemoryFiles files =
        MemoryFiles.numbered("", 2)
            .with("1.cls", "7\n")
            .with("2.cls", "3")
            .with("1.txt", "an eye\n")
            .with("2.txt", "007");
    ReadLabels labels = files.read();
    assertThat(labels.values("cls")).containsExactly("7.0", "3.0");
    assertThat(labels.values("txt")).containsExactly("an eye\n", "007");
    ReadLabels fewer = files.with("3.png", "").with("3.cls", "1").read();
    assertThat(fewer.names()).containsExactly("cls", "path");
    assertThat(fewer.labels().leftOut())
        .singleElement()
        .satisfies(
            omission -> {
              assertThat(omission.what()).isEqualTo("*.txt");
              assertThat(omission.why())
                  .startsWith("2 files: they are not labels: 1 of 3 images have no .txt file");
            });
  }

  @Test
  void unityEyesIsReadAsItsUsersReadIt() throws Exception {
    ReadLabels labels =
        MemoryFiles.images("1.jpg", "2.jpg")
            .with("1.json", unityEyes("(0.1234, -0.2000, -0.9000, 0.0000)", 100.5, "brown"))
            .with("2.json", unityEyes("(0.0000, 0.3000, -0.8000, 0.0000)", 200.25, "blue"))
            .read();
    assertThat(labels.names())
        .containsExactly(
            "interior_margin_2d",
            "caruncle_2d",
            "iris_2d",
            "look_vec",
            "eye_details/pupil_size",
            "eye_details/iris_texture",
            "lighting_details/skybox_rotation",
            "lighting_details/light_rotation",
            "eye_region_details/pca_shape_coeffs",
            "head_pose",
            "path");
    assertThat(labels.values("look_vec"))
        .containsExactly("0.1234", "0.2", "-0.9", "0.0", "-0.3", "-0.8");
    assertThat(labels.label("iris_2d").dims()).containsExactly(2, 3);
    assertThat(labels.values("iris_2d").subList(0, 6))
        .containsExactly("215.0", String.valueOf(384 - 100.5), "8.8517", "10.0", "364.0", "9.0");
    assertThat(labels.label("iris_2d").isPoints()).isTrue();
    assertThat(labels.label("look_vec").isPoints()).isFalse();
    assertThat(labels.values("eye_details/pupil_size")).containsExactly("0.0193", "0.0193");
    assertThat(labels.values("eye_details/iris_texture")).containsExactly("brown", "blue");
    assertThat(labels.label("head_pose").dims()).containsExactly(3);
    assertThat(labels.label("eye_region_details/pca_shape_coeffs").type())
        .isEqualTo(ImageLabel.Type.FLOAT64);
    assertThat(labels.label("eye_region_details/pca_shape_coeffs").dims()).containsExactly(4);
    assertThat(labels.leftOut()).containsExactly("*.json: eye_details/look_vec[3]");
    assertThat(labels.labels().remarks()).singleElement().asString().contains("UnityEyes");
  }

  private static String unityEyes(String look, double y, String texture) {
    String points =
        String.format(Locale.ROOT, "[\"(215.0, %s, 8.8517)\", \"(10.0, 20.0, 9.0)\"]", y);
    return """
    {
      "interior_margin_2d": %1$s,
      "caruncle_2d": %1$s,
      "iris_2d": %1$s,
      "eye_details": {"look_vec": "%2$s", "pupil_size": "0.0193", "iris_texture": "%3$s"},
      "lighting_details": {"skybox_rotation": "231", "light_rotation": "(0.8, 189.0, 0.0)"},
      "eye_region_details": {"pca_shape_coeffs": ["-0.1", "0.2", "1.5E-05", "0"]},
      "head_pose": "(356.9866, 178.2443, 0.0000)"
    }
    """
        .formatted(points, look, texture);
  }
}
