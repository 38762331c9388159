// Certificates that an authority of the test's own issues, made by openssl.
import { execFile } from "node:child_process";
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const openssl = (...args) => promisify(execFile)("openssl", args);
// The same key under a passphrase, in a file of its own.
export async function lockedKey(key) {
  await openssl("pkey", "-in", key, "-aes256", "-passout", "pass:secret", "-out", `${key}.locked`);
  return `${key}.locked`;
}

const ellipticKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

export class Authority {
  #folder;
  #issued = 0;

  static async found(folder) {
    const authority = new Authority();
    authority.#folder = folder;
    authority.certificate = authority.#path("authority.pem");
    await openssl("req", "-x509", ...ellipticKey, "-days", "2", "-subj", "/CN=Authority of a test",
      "-keyout", authority.#path("authority.key"), "-out", authority.certificate);
    authority.ca = await readFile(authority.certificate, "utf8");
    return authority;
  }

  #path(name) {
    return join(this.#folder, name);
  }

  // Answers {certificate, key}, paths of PEM files.
  async issue(name, { alternatives = "DNS:localhost,IP:127.0.0.1", days = 2, newKey = ellipticKey } = {}) {
    const number = ++this.#issued;
    const [request, key, certificate, extensions] = ["csr", "key", "pem", "ext"].map((kind) => this.#path(`${number}.${kind}`));
    await openssl("req", "-new", ...newKey, "-subj", `/CN=${name}`, "-keyout", key, "-out", request);
    await writeFile(extensions, `subjectAltName = ${alternatives}\n`);
    await openssl("x509", "-req", "-in", request, "-CA", this.certificate, "-CAkey", this.#path("authority.key"),
      "-set_serial", String(number), "-extfile", extensions, "-out", certificate, "-days", String(days));
    await chmod(key, 0o600);
    return { certificate, key };
  }
}
