#!/usr/bin/env bash
# trinoServer.sh fetch HOME: Trino into HOME, which lies outside of the checkout (820 MB to fetch, 400 MB kept).
# trinoServer.sh start HOME FOLDER PORT: a coordinator on PORT of loopback, which works too, and a worker on the next port. They read
#   Parquet files below FOLDER/lake as a catalog "lake"; it stays until its input ends, and takes the nodes with it.
# Needs Maven for the first, and a JDK 24 or newer for both (JAVA_HOME, else the newest beside the one in PATH).
set -euo pipefail
version=476
home=$(realpath -m "$2")/trino-server-$version

isNew() { "$1/bin/java" -version 2>&1 | grep -Eq 'version "(2[4-9]|[3-9][0-9])'; }
if [ -z "${JAVA_HOME:-}" ] || ! isNew "$JAVA_HOME"; then
  JAVA_HOME=""
  known=$(command -v java || true)
  [ -n "$known" ] && for one in "$(dirname "$(dirname "$(dirname "$(readlink -f "$known")")")")"/*; do
    if isNew "$one"; then JAVA_HOME=$one; fi
  done
fi
[ -n "$JAVA_HOME" ] || { echo "Trino $version needs a JDK 24 or newer: set JAVA_HOME" >&2; exit 1; }
export JAVA_HOME PATH="$JAVA_HOME/bin:$PATH"

if [ "$1" = fetch ]; then
  [ -x "$home/bin/launcher" ] && exit 0
  root=$(dirname "$home"); mkdir -p "$root"
  mvn -q dependency:copy "-Dartifact=io.trino:trino-server:$version:tar.gz" "-DoutputDirectory=$root" -Dmdep.useBaseVersion=true
  # Files are linked across plugins: all is unpacked, then what is not used goes. The launcher comes last.
  mkdir -p "$root/part"; tar xzf "$root/trino-server-$version.tar.gz" -C "$root/part"; rm "$root/trino-server-$version.tar.gz"
  find "$root/part/trino-server-$version/plugin" -mindepth 1 -maxdepth 1 ! -name hive -exec rm -r {} +
  mv "$root/part/trino-server-$version" "$home"; rmdir "$root/part"
  exit 0
fi

folder=$(realpath -m "$3"); port=$4
mkdir -p "$folder/lake/metastore"
for i in 0 1; do
  etc="$folder/node$i/etc"; mkdir -p "$etc/catalog" "$folder/node$i/data"
  printf 'node.environment=test\nnode.id=node%s\nnode.data-dir=%s\n' "$i" "$folder/node$i/data" > "$etc/node.properties"
  printf '%s\n' -server "-Xmx${TRINO_HEAP:-1g}" -XX:+UseSerialGC -XX:ActiveProcessorCount=1 -XX:ReservedCodeCacheSize=192M \
    -XX:TieredStopAtLevel=1 -Djdk.attach.allowAttachSelf=true -Dfile.encoding=UTF-8 --enable-native-access=ALL-UNNAMED \
    --add-modules=jdk.incubator.vector -XX:+IgnoreUnrecognizedVMOptions > "$etc/jvm.config"
  # A worker that is slow to answer while the machine is busy is not gone.
  { if [ $i = 0 ]; then printf '%s\n' coordinator=true node-scheduler.include-coordinator=true failure-detector.threshold=1.0
    else echo coordinator=false; fi
    printf '%s\n' "http-server.http.port=$((port + i))" node.internal-address=127.0.0.1 node.bind-ip=127.0.0.1 \
      "discovery.uri=http://127.0.0.1:$port" query.max-memory=2GB query.max-memory-per-node=500MB \
      memory.heap-headroom-per-node=200MB query.max-stage-count=1000 query.max-length=10000000 \
      internal-communication.shared-secret=only-for-tests-on-this-machine-0123456789
  } > "$etc/config.properties"
  echo "io.trino=WARN" > "$etc/log.properties"
  printf '%s\n' connector.name=hive hive.metastore=file hive.metastore.catalog.dir=local:///metastore \
    fs.native-local.enabled=true "local.location=$folder/lake" hive.metastore.disable-location-checks=true \
    hive.timestamp-precision=MICROSECONDS hive.max-split-size=4MB hive.max-initial-split-size=1MB > "$etc/catalog/lake.properties"
done
# At once: they have nothing to save, and one that is asked to end may wait for its folder, which is gone by then.
stop() { for pid in "$folder"/node*/pid; do [ -f "$pid" ] && kill -KILL "$(cat "$pid")" 2>/dev/null; done; true; }
trap stop EXIT
for i in 0 1; do
  "$home/bin/launcher" start --etc-dir "$folder/node$i/etc" --launcher-config "$home/bin/launcher.properties" \
    --pid-file "$folder/node$i/pid" --launcher-log-file "$folder/node$i/launcher.log" \
    --server-log-file "$folder/node$i/server.log" >/dev/null
done
for _ in $(seq 480); do
  workers=$(curl -s -H 'X-Trino-User: test' "http://127.0.0.1:$port/v1/node" 2>/dev/null | grep -o '"uri"' | wc -l) || true
  if [ "${workers:-0}" -ge 1 ]; then echo ready; cat >/dev/null; exit 0; fi
  sleep 1
done
echo "Trino did not come up: see $folder/node0/server.log" >&2; exit 1
