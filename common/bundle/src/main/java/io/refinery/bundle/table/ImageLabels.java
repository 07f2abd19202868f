package io.refinery.bundle.table;

import io.refinery.bundle.BundleException;
import io.refinery.bundle.Inventory;
import io.refinery.bundle.Omission;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The labels of image files, and what became of every file that is not an image.
 *
 * <p>{@code labels.csv}, {@code labels.tsv} and {@code labels.txt} are tables of labels and must
 * match the images; other CSV and TSV files are if they do. JSON files beside images are labels,
 * and so are text files if every image has one. All other files are carried.
 */
public final class ImageLabels {

  private final List<ImageLabel> labels;
  private final List<String> names;
  private final List<Inventory.Item> items;
  private final List<String> remarks;
  private final List<Omission> leftOut;
  private final Set<String> labelFiles;

  ImageLabels(LabelFindings findings) {
    this.labels = List.copyOf(findings.labels());
    this.names = List.copyOf(findings.names());
    this.items = List.copyOf(findings.items());
    this.remarks = List.copyOf(findings.remarks());
    this.leftOut = List.copyOf(findings.leftOut());
    this.labelFiles = findings.labelFiles();
  }

  /**
   * Finds the labels of images.
   *
   * @param files read now, and again when labels of JSON or text files are read
   * @param images the names of the images among the files, in the bundle's order
   * @param heights the images' heights
   * @throws BundleException when it is not certain which label is whose, or a file of labels cannot
   *     be read
   * @throws IOException when {@code files} throws it
   */
  public static ImageLabels read(NamedFiles files, List<String> images, ImageHeights heights)
      throws BundleException, IOException {
    LabelFindings findings = new LabelFindings(images);
    findings.addTables(TableFiles.read(files, images));
    for (SidecarKind kind : SidecarKind.values()) {
      Optional<Sidecars> sidecars = Sidecars.read(kind, files, images, heights);
      if (sidecars.isPresent()) {
        findings.addSidecars(sidecars.get());
      }
    }
    findings.addNames();
    findings.addCarried(files.names(), new HashSet<>(images));
    return new ImageLabels(findings);
  }

  /**
   * Returns the labels in the images' order. The last one holds the images' names: {@code path}, or
   * {@code image_path} where a table has a column {@code path} of its own.
   */
  public List<ImageLabel> labels() {
    return labels;
  }

  /** Returns the names of the labels that files hold, without the images' names if added. */
  public List<String> names() {
    return names;
  }

  /** Returns everything but the images, each thing once. */
  public List<Inventory.Item> items() {
    return items;
  }

  /** Returns sentences about how labels were matched. */
  public List<String> remarks() {
    return remarks;
  }

  /** Returns what the labels do not hold of the files; empty if nothing. */
  public List<Omission> leftOut() {
    return leftOut;
  }

  /** Whether a file holds labels. */
  public boolean isLabelFile(String name) {
    return labelFiles.contains(name);
  }
}
