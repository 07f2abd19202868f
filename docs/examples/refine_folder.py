"""Refines a folder of images: python3 refine_folder.py FOLDER REFINED.zip

Needs confluent-kafka and boto3, and BROKER, BUCKET and boto3's AWS_* variables in the environment."""
import hashlib, io, json, os, sys, uuid, zipfile
from pathlib import Path

import boto3
from confluent_kafka import Consumer, Producer, TopicPartition

folder, refined = Path(sys.argv[1]), sys.argv[2]
broker, bucket, topic = os.environ["BROKER"], os.environ["BUCKET"], "refinery.results"
job = "folder-" + uuid.uuid4().hex
s3 = boto3.client("s3")
bundle = io.BytesIO()  # The files under their names; labels.csv among them, if there are labels.
with zipfile.ZipFile(bundle, "w") as archive:
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        archive.write(file, file.relative_to(folder))
metadata = {"refinery-sha256": hashlib.sha256(bundle.getvalue()).hexdigest()}
bundle.seek(0)
s3.upload_fileobj(bundle, bucket, f"bundles/{job}.zip", {"Metadata": metadata})

# Read the results from where they end now, before the job is sent.
results = Consumer({"bootstrap.servers": broker, "group.id": job, "enable.auto.commit": False})
partitions = [TopicPartition(topic, number) for number in results.list_topics(topic).topics[topic].partitions]
results.assign([TopicPartition(topic, p.partition, results.get_watermark_offsets(p)[1]) for p in partitions])

errors = []
message = {"id": job, "input": f"s3://{bucket}/bundles/{job}.zip", "model": "eyes@stable"}
producer = Producer({"bootstrap.servers": broker, "enable.idempotence": True})
producer.produce("refinery.jobs", json.dumps(message), job, on_delivery=lambda error, _: errors.append(error))
producer.flush()
if errors != [None]:
    sys.exit(f"The job was not sent: {errors}")
while (record := results.poll()).error() or record.key() != job.encode():
    pass
result = json.loads(record.value())
if result["status"] != "succeeded":
    sys.exit(f"{result['code']}: {result['message']}")
s3.download_file(*result["output"].removeprefix("s3://").split("/", 1), refined)
print(f"{result['images']} images refined by {result['model']}: {refined}")
