// A folder's credentials as whoever has its master key reads them: the files' format, told a second time.
import { createDecipheriv } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

const magic = "mosty encrypted\n";
const firstPage = 4_096;

// The key of DIR/keys under which the credentials are encrypted, unwrapped by DIR/master.key.
async function keyOf(data) {
  const [, name, owner, wrapped] = /^key (\S+) (credentials:1) (\S+)$/m.exec(await readFile(join(data, "keys"), "utf8"));
  const bytes = Buffer.from(wrapped, "base64");
  const decipher = createDecipheriv("aes-256-gcm", await readFile(join(data, "master.key")), bytes.subarray(0, 12))
    .setAAD(Buffer.from(`mosty data key\n${name}\n${owner}`)).setAuthTag(bytes.subarray(-16));
  return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]);
}

// The counter begins with the first page.
function decrypted(key, bytes) {
  const counter = BigInt(`0x${bytes.subarray(16, 32).toString("hex")}`) + BigInt(firstPage / 16);
  const begin = Buffer.from(BigInt.asUintN(128, counter).toString(16).padStart(32, "0"), "hex");
  return createDecipheriv("aes-256-ctr", key, begin).update(bytes.subarray(firstPage));
}

// Every byte of every encrypted file of DIR/credentials, decrypted.
export async function decryptedCredentials(data) {
  const key = await keyOf(data);
  const folder = join(data, "credentials");
  const files = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name))));
  return Buffer.concat(files.filter((bytes) => bytes.length >= firstPage && bytes.subarray(0, 16).equals(Buffer.from(magic))).map((bytes) => decrypted(key, bytes)));
}
