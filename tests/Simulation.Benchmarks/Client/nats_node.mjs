// The Node client doing what ClientBenchmark does: pipelined JetStream publishes, or pull and acknowledge.
// usage: node nats_node.mjs <url> publish|pull <stream> <subject|durable> <count> <payload bytes> <window|batch>
// Prints the seconds that the measured part took.
import { connect } from "@nats-io/transport-node";
import { jetstream } from "@nats-io/jetstream";

const [url, what, stream, subjectOrDurable, count, size, window] = process.argv.slice(2);
const connection = await connect({ servers: url });
const js = jetstream(connection, { timeout: 60_000 });
const begin = process.hrtime.bigint();
if (what === "publish") {
  await publish(subjectOrDurable, Number(count), new Uint8Array(Number(size)), Number(window));
} else {
  await pull(stream, subjectOrDurable, Number(count), Number(window));
}
console.log(Number(process.hrtime.bigint() - begin) / 1e9);
await connection.close();

async function publish(subject, count, payload, window) {
  const inFlight = new Array(window);
  for (let i = 0; i < count + window; i++) {
    const slot = i % window;
    if (i >= window && i - window < count) {
      await inFlight[slot];
    }
    if (i < count) {
      inFlight[slot] = js.publish(subject, payload);
    }
  }
}

async function pull(stream, durable, count, batch) {
  const consumer = await js.consumers.get(stream, durable);
  const messages = await consumer.consume({ max_messages: batch });
  let got = 0;
  for await (const message of messages) {
    message.ack();
    if (++got === count) {
      break;
    }
  }
  await connection.flush();
}
