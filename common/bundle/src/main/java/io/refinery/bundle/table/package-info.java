/**
 * Labels of image files: tables such as {@code labels.csv}, and files beside the images such as the
 * JSON of UnityEyes. They are matched to the images by name, and by order only where there are no
 * names; whatever is ambiguous is refused.
 *
 * <p>It sees files through {@link io.refinery.bundle.table.NamedFiles} alone. Whether they are in a
 * ZIP, a folder or a tar, and what is done with the labels, does not belong here.
 */
package io.refinery.bundle.table;
