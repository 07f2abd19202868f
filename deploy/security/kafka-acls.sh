#!/usr/bin/env bash
# Grants each role what it needs, and nothing else. The topics must exist: `refinery setup` with an
# administrator's rights creates them.
#
#   BROKER=broker:9092 COMMAND_CONFIG=admin.properties deploy/security/kafka-acls.sh
#
# Names are the defaults: topics refinery.*, groups refinery-workers and refinery-trainers, and one
# principal per role. The broker needs authorizer.class.name=
# org.apache.kafka.metadata.authorizer.StandardAuthorizer and no allow.everyone.if.no.acl.found.
set -euo pipefail

acl() {
  "${KAFKA_HOME:+$KAFKA_HOME/bin/}kafka-acls.sh" --bootstrap-server "$BROKER" \
    --command-config "$COMMAND_CONFIG" --add "$@"
}

# submitter: sends jobs, and follows them until their results are there.
acl --allow-principal User:submitter --operation Write --topic refinery.jobs
acl --allow-principal User:submitter --operation Write --topic refinery.jobs.high
acl --allow-principal User:submitter --operation Read --topic refinery.results
acl --allow-principal User:submitter --operation Read --topic refinery.events

# worker: takes jobs in its share group. Describe lets it see that all topics exist. It sets the
# lock, the delivery limit and the isolation level of its own group.
acl --allow-principal User:worker --operation Describe --topic refinery. --resource-pattern-type prefixed
acl --allow-principal User:worker --operation Read --topic refinery.jobs
acl --allow-principal User:worker --operation Read --topic refinery.jobs.high
# A message that nears its last delivery is sent again.
acl --allow-principal User:worker --operation Write --topic refinery.jobs
acl --allow-principal User:worker --operation Write --topic refinery.jobs.high
acl --allow-principal User:worker --operation Read --topic refinery.models
# Cancellations, which the workers of a group share.
acl --allow-principal User:worker --operation Read --topic refinery.jobs.control
acl --allow-principal User:worker --operation Read --group refinery-workers-control
acl --allow-principal User:worker --operation Write --topic refinery.results
acl --allow-principal User:worker --operation Write --topic refinery.events
acl --allow-principal User:worker --operation Write --topic refinery.jobs.dead
acl --allow-principal User:worker --operation Read --group refinery-workers
acl --allow-principal User:worker --operation DescribeConfigs --group refinery-workers
acl --allow-principal User:worker --operation AlterConfigs --group refinery-workers
# Jobs that the broker drops after their last delivery: only with share.version 2 (Kafka 4.4).
acl --allow-principal User:worker --operation Read --topic dlq.refinery.jobs
acl --allow-principal User:worker --operation DescribeConfigs --topic dlq.refinery.jobs
acl --allow-principal User:worker --operation Read --group refinery-workers-undelivered

# trainer: takes training requests, and announces the versions that it publishes.
acl --allow-principal User:trainer --operation Describe --topic refinery. --resource-pattern-type prefixed
acl --allow-principal User:trainer --operation Read --topic refinery.trainings
acl --allow-principal User:trainer --operation Write --topic refinery.trainings
acl --allow-principal User:trainer --operation Read --topic refinery.trainings.control
acl --allow-principal User:trainer --operation Write --topic refinery.trainings.control
acl --allow-principal User:trainer --operation Write --topic refinery.models
acl --allow-principal User:trainer --operation Write --topic refinery.events
acl --allow-principal User:trainer --operation Write --topic refinery.jobs.dead
acl --allow-principal User:trainer --operation Read --group refinery-trainers
acl --allow-principal User:trainer --operation DescribeConfigs --group refinery-trainers
acl --allow-principal User:trainer --operation AlterConfigs --group refinery-trainers
acl --allow-principal User:trainer --operation Read --group refinery-trainers-reception

# reader: reads results and progress.
acl --allow-principal User:reader --operation Read --topic refinery.results
acl --allow-principal User:reader --operation Read --topic refinery.events

# exporter: counts what waits, and reads when the oldest message was sent. It changes nothing.
acl --allow-principal User:exporter --operation Describe --topic refinery. --resource-pattern-type prefixed
acl --allow-principal User:exporter --operation Describe --group refinery-workers
acl --allow-principal User:exporter --operation Describe --group refinery-trainers
acl --allow-principal User:exporter --operation Read --topic refinery.jobs
acl --allow-principal User:exporter --operation Read --topic refinery.jobs.high
acl --allow-principal User:exporter --operation Read --topic refinery.trainings

# Not granted to any role above:
# - Write on refinery.jobs.control: for users who may cancel jobs, those of others too.
# - Write on refinery.trainings and refinery.trainings.control, and Read on refinery.events: for users who
#   may request, pause and cancel trainings.
# - Write on refinery.models and refinery.events: for users who may run `refinery models promote`.
# - Read on refinery.jobs.dead and Write on refinery.jobs and refinery.jobs.high: for users who may run
#   `refinery dead replay`.
# - If refinery.jobs has several partitions, workers also need Read and Write on refinery.jobs.queue and
#   Read on the group refinery-workers-copy. The same holds for trainers, with refinery.trainings.queue
#   and refinery-trainers-copy. The exporter then needs Describe on these groups, and Read on these topics.
# - On a broker without share groups, workers also need Read, and the exporter Describe, on the group
#   refinery-workers-high.
