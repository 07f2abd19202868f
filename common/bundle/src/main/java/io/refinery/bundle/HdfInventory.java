package io.refinery.bundle;

import io.jhdf.exceptions.HdfException;
import io.refinery.bundle.Inventory.Role;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/** Lists everything in an HDF5 file: groups, datasets, datatypes, links and attributes. */
final class HdfInventory {

  /** Members of a group that are alike are one thing if there are more than this. */
  private static final int MOST_ALIKE = 16;

  private static final int MOST_GROUPS = 64;

  /** What a thing is, and why another format does not hold it. */
  enum Kind {
    DATA("it is not a label, and a ZIP of images holds only labels"),
    UNEVEN("its values differ in shape or type between images, and a table has one of each"),
    ATTRIBUTE("a ZIP of images has no attributes"),
    LINK("a ZIP of images has no links"),
    TYPE("a ZIP of images has no datatypes"),
    GROUP("a ZIP of images has no groups");

    final String why;

    Kind(String why) {
      this.why = why;
    }
  }

  /**
   * One thing, or several alike.
   *
   * @param label its values, if it is a label
   */
  record Thing(String name, Role role, Kind kind, String description, Optional<Column> label) {}

  private final HdfStorage storage;
  private final HdfPaths paths;
  private final HdfFinder.Found found;
  private final Set<String> aliases;
  private final Map<String, Column> labels = new HashMap<>();
  private final Set<Long> seen = new HashSet<>();
  private final List<Thing> images = new ArrayList<>();
  private final List<Thing> things = new ArrayList<>();

  private HdfInventory(HdfStorage storage, HdfPaths paths, HdfFinder.Found found) {
    this.storage = storage;
    this.paths = paths;
    this.found = found;
    this.aliases = found.aliases();
    found.labels().forEach(label -> labels.put(label.name(), label));
  }

  /** Returns the images, then all else in the order of names. */
  static List<Thing> list(HdfStorage storage, HdfPaths paths, HdfFinder.Found found) {
    HdfInventory inventory = new HdfInventory(storage, paths, found);
    HdfObject root = HdfGroup.root(storage);
    inventory.seen.add(paths.root());
    inventory.addAttributes("/", root);
    inventory.addMembers("", root, paths.root(), 0);
    inventory.things.sort(Comparator.comparing(Thing::name));
    inventory.images.addAll(inventory.things);
    return inventory.images;
  }

  private void addMembers(String path, HdfObject group, long address, int depth) {
    SortedMap<String, HdfLink> links = HdfGroup.list(storage, group);
    Alike alike = new Alike(path);
    int groups = 0;
    for (var link : links.entrySet()) {
      String name = path + link.getKey();
      HdfPaths.Target target = paths.follow(link.getValue(), address);
      boolean hard = link.getValue() instanceof HdfLink.Hard;
      String via = hard ? "" : ", " + description(link.getValue(), target);
      if (!target.isFound()) {
        alike.add(link.getKey(), Kind.LINK, via.substring(2));
        continue;
      }
      HdfObject object = HdfObject.read(storage, target.address());
      if (name.equals(found.path())) {
        addImages(name, object, target.address(), via);
      } else if (labels.containsKey(name) && !aliases.contains(name)) {
        addLabel(name, object, target.address());
      } else if (!hard) {
        alike.add(link.getKey(), Kind.LINK, via.substring(2));
      } else if (target.address() == found.address()) {
        alike.add(link.getKey(), Kind.LINK, "the images by another name");
      } else if (!object.isGroup()) {
        addOther(alike, link.getKey(), object);
      } else if (++groups > MOST_GROUPS || depth >= HdfFinder.DEEPEST) {
        alike.add(link.getKey(), Kind.GROUP, "a group and what is in it");
      } else if (!seen.add(target.address())) {
        alike.add(link.getKey(), Kind.LINK, "a group that is listed by another name");
      } else {
        addGroup(name, object, target.address(), depth);
      }
    }
    alike.flush();
  }

  private void addGroup(String name, HdfObject object, long address, int depth) {
    addAttributes(name, object);
    SortedMap<String, HdfLink> links = HdfGroup.list(storage, object);
    if (links.isEmpty()) {
      things.add(thing(name, Role.CARRIED, Kind.GROUP, "an empty group"));
    }
    if (found.isKeyed() && List.copyOf(links.keySet()).equals(found.keys())) {
      addKeyed(name, object, address, links.get(links.firstKey()));
      return;
    }
    addMembers(name + "/", object, address, depth + 1);
  }

  /** Adds a group that has the images' keys but is not a label. */
  private void addKeyed(String name, HdfObject group, long address, HdfLink first) {
    HdfPaths.Target target = paths.follow(first, address);
    boolean dataset = target.isFound() && HdfObject.read(storage, target.address()).isDataset();
    things.add(
        thing(
            name + "/*",
            Role.CARRIED,
            dataset ? Kind.DATA : Kind.GROUP,
            dataset
                ? "one dataset per image, not a label: the first has no values"
                : "one group per image"));
    addMemberAttributes(name, group, address);
  }

  private static Thing thing(String name, Role role, Kind kind, String description) {
    return new Thing(name, role, kind, description, Optional.empty());
  }

  private static String description(HdfLink link, HdfPaths.Target target) {
    if (!target.isFound()) {
      return target.why().replaceFirst("^is ", "");
    }
    return link instanceof HdfLink.Soft soft ? "a soft link to '" + soft.path() + "'" : "a link";
  }

  private void addImages(String name, HdfObject object, long address, String via) {
    seen.add(address);
    String pixels = found.images().pixels() == BundleInfo.PixelType.UINT8 ? "uint8" : "float32";
    String what = pixels + ", " + found.images().count() + " of " + found.images().shape() + via;
    if (!found.isKeyed()) {
      images.add(thing(name, Role.IMAGES, Kind.DATA, what));
      addAttributes(name, object);
      return;
    }
    List<String> keys = found.keys();
    images.add(thing(name + "/*", Role.IMAGES, Kind.DATA, what));
    images.add(
        thing(
            name + "/* (keys)",
            Role.NAMES,
            Kind.DATA,
            "'" + keys.get(0) + "' to '" + keys.get(keys.size() - 1) + "'"));
    addAttributes(name, object);
    addMemberAttributes(name, object, address);
  }

  private void addLabel(String name, HdfObject object, long address) {
    boolean keyed = !object.isDataset();
    Column label = labels.get(name);
    String rows = HdfText.dims(label.rowDims());
    String type =
        (keyed ? HdfColumns.firstType(label) : new HdfDataset(storage, object).type())
            .description();
    String what = type + (rows.isEmpty() ? "" : ", " + rows + " per image");
    if (HdfColumns.isUneven(label)) {
      String why = "; not a label: other images have another shape or type";
      things.add(thing(name + "/*", Role.CARRIED, Kind.UNEVEN, what + why));
    } else {
      String path = keyed ? name + "/*" : name;
      things.add(new Thing(path, Role.LABEL, Kind.DATA, what, Optional.of(label)));
    }
    addAttributes(name, object);
    if (keyed && seen.add(address)) {
      addMemberAttributes(name, object, address);
    }
  }

  private void addOther(Alike alike, String name, HdfObject object) {
    if (object.isDataset()) {
      HdfDataset dataset = new HdfDataset(storage, object);
      alike.add(name, Kind.DATA, describe(dataset));
    } else if (object.has(HdfObject.DATATYPE)) {
      alike.add(
          name,
          Kind.TYPE,
          "a named datatype: " + HdfType.parse(object.require(HdfObject.DATATYPE)).description());
    } else {
      alike.add(name, Kind.DATA, "an object of an unknown kind");
    }
    for (var attribute : HdfAttributeNames.describe(storage, object).entrySet()) {
      alike.add(name + "@" + attribute.getKey(), Kind.ATTRIBUTE, attribute.getValue());
    }
  }

  private String describe(HdfDataset dataset) {
    String what = dataset.type().description() + HdfText.shape(dataset.space());
    long count = found.images().count();
    if (dataset.dims().length == 0 || dataset.isNull()) {
      return what;
    }
    if (dataset.elements() == 0) {
      return what + ", not a label: it has no values";
    }
    if (dataset.rows() != count) {
      return what + ", not a label: there are " + count + " images";
    }
    return what
        + ", not a label: its rows have no keys, and the keys of the images have more than one"
        + " order";
  }

  private void addAttributes(String name, HdfObject object) {
    HdfAttributeNames.describe(storage, object)
        .forEach(
            (attribute, description) ->
                things.add(
                    thing(name + "@" + attribute, Role.CARRIED, Kind.ATTRIBUTE, description)));
  }

  /** Adds the attributes of the datasets of a group, those of one name together. */
  private void addMemberAttributes(String name, HdfObject group, long address) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (HdfLink link : HdfGroup.list(storage, group).values()) {
      HdfPaths.Target target = paths.follow(link, address);
      if (target.isFound()) {
        HdfAttributeNames.describe(storage, HdfObject.read(storage, target.address()))
            .forEach((key, value) -> counts.merge(key + "\0" + value, 1, Integer::sum));
      }
      if (counts.size() > 1 << 16) {
        throw new HdfException("group '" + name + "' has too many different attributes to list");
      }
    }
    counts.forEach(
        (attribute, count) -> {
          int end = attribute.indexOf(0);
          things.add(
              thing(
                  name + "/*@" + attribute.substring(0, end),
                  Role.CARRIED,
                  Kind.ATTRIBUTE,
                  attribute.substring(end + 1) + " (" + count + " of them)"));
        });
  }

  /** Members of a group that are neither images nor labels. */
  private final class Alike {

    /** Some members with one description. */
    private static final class Several {
      private final List<String> names = new ArrayList<>();
      private final Kind kind;
      private int count;

      Several(Kind kind) {
        this.kind = kind;
      }
    }

    private final String path;
    private final Map<String, Several> byDescription = new LinkedHashMap<>();

    Alike(String path) {
      this.path = path;
    }

    void add(String name, Kind kind, String description) {
      Several several = byDescription.computeIfAbsent(description, key -> new Several(kind));
      several.count++;
      if (several.names.size() < MOST_ALIKE) {
        several.names.add(name);
      }
    }

    void flush() {
      byDescription.forEach(this::flush);
    }

    private void flush(String description, Several several) {
      if (several.count <= MOST_ALIKE) {
        several.names.forEach(
            name -> things.add(thing(path + name, Role.CARRIED, several.kind, description)));
        return;
      }
      things.add(
          thing(
              path + "*",
              Role.CARRIED,
              several.kind,
              description
                  + " ("
                  + several.count
                  + " of them, such as "
                  + HdfText.some(several.names)
                  + ")"));
    }
  }
}
