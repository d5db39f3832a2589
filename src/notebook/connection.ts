import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where a kernel listens, as its connection file states. */
export interface Connection {
  /** The file the kernel is started with. */
  file: string;
  key: string;
  shell: string;
  iopub: string;
  /** Removes the folder with the file and the sockets. */
  remove(): void;
}

/** A socket's path may have at most 104 bytes on macOS and 108 on Linux. */
const LONGEST_SOCKET_PATH = 100;

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<ReturnType<typeof createServer>>((resolve, reject) => {
          const server = createServer().once("error", reject);
          server.listen(0, "127.0.0.1", () => resolve(server));
        }),
    ),
  );
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/**
 * Sets up the connection between runner and kernel: sockets in a folder only this user may enter, or ports of 127.0.0.1
 * if such sockets are not available (Windows, a very long temporary path).
 */
export async function makeConnection(transport?: "ipc" | "tcp"): Promise<Connection> {
  // mkdtemp makes the folder with mode 0700.
  const folder = mkdtempSync(join(tmpdir(), "fieldnotes-kernel-"));
  const ip = join(folder, "k");
  const ipc = process.platform !== "win32" && Buffer.byteLength(ip) + 2 <= LONGEST_SOCKET_PATH;
  const chosen = transport ?? (ipc ? "ipc" : "tcp");
  const host = chosen === "ipc" ? ip : "127.0.0.1";
  const ports = chosen === "ipc" ? [1, 2, 3, 4, 5] : await freePorts(5);
  const key = randomBytes(32).toString("hex");
  const file = join(folder, "connection.json");
  const content = {
    transport: chosen,
    ip: host,
    key,
    signature_scheme: "hmac-sha256",
    shell_port: ports[0],
    iopub_port: ports[1],
    control_port: ports[2],
    stdin_port: ports[3],
    hb_port: ports[4],
  };
  writeFileSync(file, JSON.stringify(content), { mode: 0o600 });
  // tslab joins host and port with a colon for both transports; Jupyter uses a hyphen for ipc.
  const address = (port: number | undefined) => `${chosen}://${host}:${port}`;
  return {
    file,
    key,
    shell: address(ports[0]),
    iopub: address(ports[1]),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
