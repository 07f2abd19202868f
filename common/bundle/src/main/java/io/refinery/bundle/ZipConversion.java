package io.refinery.bundle;

import io.refinery.bundle.Inventory.Role;
import io.refinery.bundle.table.ImageLabels;
import java.util.ArrayList;
import java.util.List;

/** What a copy of a ZIP does not hold. */
final class ZipConversion {

  private ZipConversion() {}

  /**
   * Returns what a ZIP copy of a ZIP does not hold. Reads all images, but decodes no pixels.
   *
   * @param remarks about the labels
   */
  static RewriteReport copy(ZipBundle source, List<String> remarks) throws BundleException {
    CopyNotes notes = new CopyNotes();
    remarks.forEach(notes::remark);
    for (ZipItem image : source.imageItems()) {
      notes.png(source.metadata(image), source.info().shape().channels());
    }
    return notes.report(CopyNotes.NOT_IN_PNG);
  }

  /**
   * Returns what an HDF5 copy of a ZIP does not hold. Reads all images, but decodes no pixels.
   *
   * @param remarks about the labels
   */
  static RewriteReport report(ZipBundle source, ImageLabels labels, List<String> remarks)
      throws BundleException {
    CopyNotes notes = new CopyNotes();
    for (ZipItem image : source.imageItems()) {
      notes.hdf(source.metadata(image), source.info().shape().channels());
    }
    RewriteReport images = notes.report("an HDF5 bundle holds only pixels and labels");
    List<Omission> leftOut = new ArrayList<>(images.leftOut());
    leftOut.addAll(labels.leftOut());
    for (Inventory.Item folder : source.folders().items(Role.CARRIED, "")) {
      leftOut.add(new Omission(folder.name(), "an HDF5 bundle has no folders of files"));
    }
    if (source.directory().comment().length > 0) {
      leftOut.add(new Omission("the ZIP file's comment", "an HDF5 bundle has none"));
    }
    List<String> all = new ArrayList<>(remarks);
    all.addAll(images.remarks());
    return new RewriteReport(leftOut, all);
  }
}
