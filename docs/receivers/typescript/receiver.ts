// Receives alerts of the risk monitor: checks their signatures and acknowledges them.
// Usage: WEBHOOK_SECRET=whsec_... [MONITOR_URL=http://127.0.0.1:8080 MONITOR_KEY=rmk_...] node receiver.ts PORT

import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";

const toleranceSeconds = 300;
const largestBody = 64 * 1024;
const secret: string = process.env.WEBHOOK_SECRET ?? "";
// A real receiver keeps these where they survive a restart.
const seen: Set<string> = new Set();

/** Returns null for a genuine and fresh message, else what is wrong with it. */
export function verify(secret: string, headers: IncomingHttpHeaders, body: Buffer, nowSeconds: number): string | null {
  const id: unknown = headers["webhook-id"];
  const timestamp: unknown = headers["webhook-timestamp"];
  const signatures: unknown = headers["webhook-signature"];
  if (typeof id !== "string" || typeof timestamp !== "string" || typeof signatures !== "string") {
    return "a header is missing";
  }

  if (!/^\d{1,15}$/.test(timestamp) || Math.abs(nowSeconds - Number(timestamp)) > toleranceSeconds) {
    return "the timestamp is not of now";
  }

  const key: Buffer = Buffer.from(secret.slice("whsec_".length), "base64");
  const expected: Buffer = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest();
  // Several signatures, separated by spaces, while a secret is being rotated.
  for (const offered of signatures.split(" ")) {
    const mac: Buffer = Buffer.from(offered.slice("v1,".length), "base64");
    if (offered.startsWith("v1,") && mac.length === expected.length && timingSafeEqual(mac, expected)) {
      return null;
    }
  }

  return "no signature is by this secret over this message";
}

async function read(request: IncomingMessage): Promise<Buffer | null> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request) {
    length += part.length;
    if (length > largestBody) {
      return null;
    }

    parts.push(part);
  }

  return Buffer.concat(parts);
}

async function handle(id: string, body: Buffer): Promise<void> {
  const message: { type: string; data: { alert_id: string; desk?: string } } = JSON.parse(body.toString("utf8"));
  console.log(JSON.stringify({ id, type: message.type, desk: message.data.desk ?? null }));
  const monitor: string | undefined = process.env.MONITOR_URL;
  // The end of a breach and a test need no acknowledgement.
  if (!monitor || message.type === "risk.alert.cured" || message.type === "risk.endpoint.test") {
    return;
  }

  const headers: Record<string, string> = { "content-type": "application/json" };
  if (process.env.MONITOR_KEY) {
    headers.authorization = `Bearer ${process.env.MONITOR_KEY}`;
  }

  const answer = await fetch(`${monitor}/api/v1/alerts/${message.data.alert_id}/ack`, {
    method: "POST",
    headers,
    body: JSON.stringify({
      delivery_id: id,
      comment: "seen by the receiver",
      disposition: "seen",
      payload_sha256: createHash("sha256").update(body).digest("hex"),
    }),
    signal: AbortSignal.timeout(10_000),
  });
  if (!answer.ok) {
    throw new Error(`the acknowledgement was answered ${answer.status}`);
  }
}

async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body: Buffer | null = request.method === "POST" ? await read(request) : null;
  const problem: string | null = body === null ? "no body, or too long a one" : verify(secret, request.headers, body, Date.now() / 1000);
  response.writeHead(problem === null ? 204 : body === null ? 413 : 401).end();
  if (problem !== null) {
    console.error(`refused: ${problem}`);
    return;
  }

  const id: string = String(request.headers["webhook-id"]);
  if (!seen.has(id)) {
    seen.add(id);
    // The monitor sends the alert again where nobody acknowledges it.
    handle(id, body as Buffer).catch((failed: unknown) => console.error(`not acknowledged: ${failed}`));
  }
}

const server = createServer((request, response) => {
  receive(request, response).catch(() => response.destroy());
});
server.listen(Number(process.argv[2] ?? 9000), "127.0.0.1", () => {
  const address = server.address();
  console.log(JSON.stringify({ listening: typeof address === "object" && address ? address.port : null }));
});
