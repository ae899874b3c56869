/** The certificate of a server that was given none: made when it first starts, kept in its directory. */
import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Private key and certificate in PEM form. */
export interface OwnCertificate {
  readonly key: string;
  readonly cert: string;
}

const DAY = 86_400_000;
const VALID_DAYS = 3650;
/** One that ends sooner is replaced at the next start. */
const LEAST_DAYS_LEFT = 30;

/** The certificate kept in a directory, or a new one, which it then keeps, for its owner alone. */
export async function ownCertificate(directory: string): Promise<OwnCertificate> {
  const path = join(directory, "certificate.pem");
  const kept = await keptCertificate(path);
  if (kept) return kept;
  const made = await makeCertificate();
  await writeFile(`${path}.part`, made.key + made.cert, { mode: 0o600 });
  await rename(`${path}.part`, path);
  return made;
}

/** Undefined where there is none, or none that can be used. */
async function keptCertificate(path: string): Promise<OwnCertificate | undefined> {
  try {
    const pem = await readFile(path, "utf8");
    const certificate = new X509Certificate(pem);
    const isLasting = Date.parse(certificate.validTo) > Date.now() + LEAST_DAYS_LEFT * DAY;
    return isLasting && certificate.checkPrivateKey(createPrivateKey(pem)) ? { key: pem, cert: pem } : undefined;
  } catch {
    return undefined;
  }
}

async function makeCertificate(): Promise<OwnCertificate> {
  // Slow to load, and for servers alone.
  const { generate } = await import("selfsigned");
  const made = await generate([{ name: "commonName", value: "localhost" }], {
    keyType: "ec",
    curve: "P-256",
    algorithm: "sha256",
    notAfterDate: new Date(Date.now() + VALID_DAYS * DAY),
    extensions: [
      { name: "basicConstraints", cA: false },
      { name: "extKeyUsage", serverAuth: true },
      {
        name: "subjectAltName",
        altNames: [
          { type: 2, value: "localhost" },
          { type: 7, ip: "127.0.0.1" },
          { type: 7, ip: "::1" },
        ],
      },
    ],
  });
  return { key: made.private, cert: made.cert };
}
