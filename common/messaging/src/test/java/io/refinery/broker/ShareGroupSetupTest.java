package io.refinery.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.junit.jupiter.api.Test;

class ShareGroupSetupTest {

  private static final ShareGroup WANTED = new ShareGroup("workers", Duration.ofSeconds(30), 7);

  private static final String COMMAND =
      "kafka-configs.sh --bootstrap-server broker:9092 --alter --entity-type groups"
          + " --entity-name workers --add-config ";

  private final Map<String, String> known = new HashMap<>();
  private final List<Map<String, String>> changes = new ArrayList<>();
  private ConfigSource source = ConfigSource.DEFAULT_CONFIG;
  private OptionalInt deliveriesOfAllGroups = OptionalInt.empty();
  private boolean mayDescribe = true;
  private RuntimeException refusal = new IllegalStateException("not refused");
  private boolean refuses;

  private final class Configs implements GroupConfigs {
    @Override
    public Collection<ConfigEntry> describe(String group) {
      if (!mayDescribe) {
        throw new IllegalStateException("no", GroupAuthorizationException.forGroupId(group));
      }
      return known.entrySet().stream()
          .map(
              one ->
                  new ConfigEntry(
                      one.getKey(),
                      one.getValue(),
                      source,
                      false,
                      false,
                      List.of(),
                      ConfigEntry.ConfigType.STRING,
                      ""))
          .toList();
    }

    @Override
    public void set(String group, Map<String, String> settings) {
      if (refuses) {
        throw refusal;
      }
      changes.add(Map.copyOf(settings));
    }

    @Override
    public OptionalInt deliveriesOfAllGroups() {
      if (!mayDescribe) {
        throw new IllegalStateException("no", GroupAuthorizationException.forGroupId("cluster"));
      }
      return deliveriesOfAllGroups;
    }
  }

  private ShareGroup configure() {
    return configure(WANTED);
  }

  private ShareGroup configure(ShareGroup group) {
    return new ShareGroupSetup(new Configs(), "broker:9092").configure(group);
  }

  private void kafka42() {
    known.put("share.auto.offset.reset", "latest");
    known.put("share.record.lock.duration.ms", "30000");
    known.put("share.isolation.level", "read_uncommitted");
  }

  private void kafka43() {
    kafka42();
    known.put("share.delivery.count.limit", "5");
    known.put("share.renew.acknowledge.enable", "true");
  }

  private void refuse(RuntimeException cause) {
    refuses = true;
    refusal = new IllegalStateException("Cannot set it: " + cause.getMessage(), cause);
  }

  @Test
  void onlySettingsThatTheBrokerKnowsAndThatDifferAreSet() {
    kafka43();
    assertThat(configure()).isEqualTo(WANTED);
    assertThat(changes)
        .containsExactly(
            Map.of("share.auto.offset.reset", "earliest", "share.delivery.count.limit", "7"),
            Map.of("share.isolation.level", "read_committed"));
  }

  @Test
  void aLimitOfAllGroupsIsTheLimitInForce() {
    kafka42();
    deliveriesOfAllGroups = OptionalInt.of(4);
    assertThat(configure().deliveries()).isEqualTo(4);
    assertThat(changes.get(0)).containsOnlyKeys("share.auto.offset.reset");
  }

  @Test
  void aSmallerWishThanTheLimitOfAllGroupsIsKept() {
    kafka42();
    deliveriesOfAllGroups = OptionalInt.of(10);
    assertThat(configure()).isEqualTo(WANTED);
  }

  @Test
  void aLimitThatTheBrokerDoesNotTellIsTheDefault() {
    kafka42();
    assertThat(configure().deliveries()).isEqualTo(5);
  }

  @Test
  void aClientThatMayNotAlterStartsWhenEverythingIsRight() {
    known.put("share.auto.offset.reset", "earliest");
    known.put("share.record.lock.duration.ms", "30000");
    known.put("share.delivery.count.limit", "7");
    known.put("share.isolation.level", "read_committed");
    refuse(GroupAuthorizationException.forGroupId("workers"));
    assertThat(configure()).isEqualTo(WANTED);
  }

  @Test
  void aClientThatMayNotAlterNamesWhatIsMissingAndTheCommandThatSetsIt() {
    kafka43();
    refuse(GroupAuthorizationException.forGroupId("workers"));
    String missing = "share.auto.offset.reset=earliest,share.delivery.count.limit=7";
    assertThatIllegalStateException()
        .isThrownBy(this::configure)
        .withMessage(
            "The share group 'workers' needs %s, which this client may not set: run %s",
            missing, COMMAND + missing);
  }

  @Test
  void aValueThatTheBrokerRefusesIsReportedWithItsReason() {
    kafka43();
    refuse(new InvalidConfigurationException("it is too long"));
    assertThatIllegalStateException()
        .isThrownBy(this::configure)
        .withMessageContaining("it is too long");
  }

  @Test
  void aClientThatMayNotReadSettingsNamesTheRightThatItNeeds() {
    mayDescribe = false;
    assertThatIllegalStateException()
        .isThrownBy(this::configure)
        .withMessageContaining("'workers'")
        .withMessageContaining("DescribeConfigs");
  }

  @Test
  void aGroupWhoseLocksCannotBeRenewedIsRefused() {
    kafka43();
    known.put("share.renew.acknowledge.enable", "false");
    assertThatIllegalStateException()
        .isThrownBy(this::configure)
        .withMessageContaining(COMMAND + "share.renew.acknowledge.enable=true");
    assertThat(changes).isEmpty();
  }

  @Test
  void aNameWithAColonIsRefused() {
    assertThatIllegalStateException()
        .isThrownBy(() -> configure(new ShareGroup("a:b", WANTED.lock(), 5)))
        .withMessageContaining("'a:b'")
        .withMessageContaining("colon");
  }

  @Test
  void anIsolationLevelThatSomebodySetStays() {
    kafka43();
    source = ConfigSource.DYNAMIC_GROUP_CONFIG;
    configure();
    assertThat(changes).hasSize(1);
  }
}
