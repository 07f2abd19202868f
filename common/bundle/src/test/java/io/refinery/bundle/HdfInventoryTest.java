package io.refinery.bundle;

import static org.assertj.core.api.Assertions.assertThat;

import io.refinery.bundle.Inventory.Role;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tests on everything.h5 and keyed_everything.h5 of hdf5/make_hdf5.py. */
class HdfInventoryTest {

  private static HdfBundle open(String name) throws BundleException {
    return HdfBundle.open(TestBundles.fixture("hdf5/" + name + ".h5"), BundleLimits.DEFAULT);
  }

  private static List<String> lines(HdfBundle bundle) throws BundleException {
    return bundle.inventory().items().stream()
        .map(item -> item.role() + " " + item.name() + ": " + item.description())
        .toList();
  }

  @Test
  void everythingInAFileIsListedWithItsRole() throws Exception {
    try (HdfBundle bundle = open("everything")) {
      assertThat(lines(bundle))
          .containsExactly(
              "IMAGES images: uint8, 12 of 5x6 gray",
              "CARRIED /@title: text",
              "CARRIED alias: the images by another name",
              "LABEL blink: bool, such as 'TRUE'; 'FALSE'; 'TRUE'",
              "CARRIED camera_matrix: float64, 3 x 3, not a label: there are 12 images",
              "CARRIED classes: text of 4 bytes, 2, not a label: there are 12 images",
              "CARRIED elsewhere: a link to '/x' in another file (other.h5)",
              "CARRIED hollow: an empty group",
              "CARRIED images@camera: float64, 3",
              "LABEL lids/upper: uint16, 0 to 11, such as 0; 1; 2",
              "LABEL look_vec: float32, 3 per image, 0 to 4.375, such as 0.0 0.125 0.25; 0.375 0.5 0.625; 0.75 0.875 1.0",
              "CARRIED look_vec@unit: text",
              "CARRIED many/*: float64, 4, not a label: there are 12 images (40 of them, such as '00', '01', '02', ...)",
              "CARRIED no_width: float32, 12 x 0, not a label: it has no values",
              "CARRIED nothing: a soft link to '/not/there', which does not exist",
              "CARRIED null: float32, empty",
              "CARRIED one_long: float64, 13 x 3, not a label: there are 12 images",
              "CARRIED one_short: float64, 11 x 3, not a label: there are 12 images",
              "LABEL pair: compound of id: int32, score: float64",
              "LABEL path: text, such as 'eye/0.png'; 'eye/1.png'; 'eye/2.png'",
              "LABEL ragged: lists of int32",
              "CARRIED seed: int64",
              "CARRIED shortcut: a soft link to '/lids'",
              "CARRIED type: a named datatype: float32",
              "LABEL typed: float32, 0 to 0, such as 0.0; 0.0; 0.0",
              "LABEL where: references");
    }
  }

  @Test
  void everythingWithOneDatasetPerImageIsListedToo() throws Exception {
    try (HdfBundle bundle = open("keyed_everything")) {
      List<String> attributes =
          IntStream.range(0, 20).mapToObj("CARRIED /@a%02d: text"::formatted).toList();
      assertThat(lines(bundle)).containsAll(attributes);
      assertThat(lines(bundle))
          .filteredOn(line -> !attributes.contains(line))
          .containsExactly(
              "IMAGES image/*: uint8, 12 of 5x6 gray",
              "NAMES image/* (keys): '00' to '11'",
              "LABEL gaze_stacked: float64, 3 per image, 0 to 35, such as 0.0 1.0 2.0; 3.0 4.0 5.0; 6.0 7.0 8.0",
              "CARRIED image/*@frame: int64 (12 of them)",
              "LABEL labels/gaze/*: float32, 3 per image, 0 to 11, such as 0.0 0.0 0.0; 1.0 0.25 0.0; 2.0 0.5 0.0",
              "CARRIED labels/ragged/*: one dataset per image, not a label: the first has no values",
              "CARRIED meta/*: one group per image",
              "CARRIED seed: int64");
      assertThat(bundle.remarks())
          .containsExactly(
              "Label 'gaze_stacked' is matched to the images by order: it has no keys");
    }
  }

  @Test
  void aConversionNamesWhatItLeavesOut() throws Exception {
    try (HdfBundle bundle = open("everything")) {
      HdfBundle.Conversion conversion = bundle.conversion();
      assertThat(conversion.columns())
          .extracting(Column::name)
          .containsExactly("blink", "lids/upper", "look_vec", "path", "typed");
      assertThat(conversion.leftOut())
          .extracting(Omission::what)
          .containsExactly(
              "pair",
              "ragged",
              "where",
              "/@title",
              "alias",
              "camera_matrix",
              "classes",
              "elsewhere",
              "hollow",
              "images@camera",
              "look_vec@unit",
              "many/*",
              "no_width",
              "nothing",
              "null",
              "one_long",
              "one_short",
              "seed",
              "shortcut",
              "type");
      assertThat(conversion.leftOut())
          .contains(
              new Omission(
                  "pair", "a table has no values of type compound of id: int32, score: float64"),
              new Omission("/@title", "a ZIP of images has no attributes"),
              new Omission("shortcut", "a ZIP of images has no links"));
    }
  }

  @Test
  void keysOfImagesAreAColumnOfAConversion() throws Exception {
    try (HdfBundle bundle = open("keyed_everything")) {
      HdfBundle.Conversion conversion = bundle.conversion();
      assertThat(conversion.columns())
          .extracting(Column::name)
          .containsExactly("key", "gaze_stacked", "labels/gaze");
    }
  }

  @Test
  void valuesThatDifferInShapeBetweenImagesAreCarriedAndLeftOutOnce() throws Exception {
    try (HdfBundle bundle = open("keyed_uneven")) {
      assertThat(lines(bundle))
          .contains(
              "CARRIED lids/*: float32, 2 x 2 per image; not a label: other images have another shape or type",
              "CARRIED mixed/*: int64; not a label: other images have another shape or type",
              "LABEL words/*: text of 1 bytes, such as 'w'; 'ww'; 'www'")
          .hasSize(5);
      HdfBundle.Conversion conversion = bundle.conversion();
      assertThat(conversion.columns()).extracting(Column::name).containsExactly("key", "words");
      assertThat(conversion.leftOut())
          .extracting(Omission::what)
          .containsExactly("lids/*", "mixed/*");
    }
  }

  @Test
  void rowsAreNotMatchedToKeysWithMoreThanOneOrder() throws Exception {
    try (HdfBundle bundle = open("keyed_unordered")) {
      assertThat(bundle.info().labels()).isEmpty();
      assertThat(bundle.inventory().items(Role.CARRIED))
          .extracting(Inventory.Item::description)
          .containsExactly(
              "int64, 12, not a label: its rows have no keys, and the keys of the images have more than one order");
    }
  }
}
