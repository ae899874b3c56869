import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface Certificate {
  key: string;
  cert: string;
  fingerprint: string;
}

/** Certificates made for one run by the openssl command. */
export interface Certificates {
  /** The authority that issued `localhost` and `expired`. */
  authority: Certificate;
  localhost: Certificate;
  expired: Certificate;
  selfSigned: Certificate;
}

export function makeCertificates(): Certificates {
  const folder = mkdtempSync(join(tmpdir(), "certificates-"));
  const path = (name: string) => join(folder, name);
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  const read = (name: string): Certificate => {
    const cert = readFileSync(path(`${name}.pem`), "utf8");
    return {
      key: readFileSync(path(`${name}.key`), "utf8"),
      cert,
      fingerprint: new X509Certificate(cert).fingerprint256,
    };
  };
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  const selfSign = (name: string, ...extra: string[]) =>
    openssl(
      "req",
      "-x509",
      ...newKey,
      "-keyout",
      `${name}.key`,
      "-out",
      `${name}.pem`,
      "-subj",
      `/CN=${name}`,
      ...extra,
    );
  const issue = (name: string, names: string, ...extra: string[]) => {
    writeFileSync(path(`${name}.ext`), `subjectAltName=${names}\n`);
    openssl("req", ...newKey, "-keyout", `${name}.key`, "-out", `${name}.csr`, "-subj", `/CN=${name}`);
    const signed = ["-CA", "authority.pem", "-CAkey", "authority.key", "-CAcreateserial", "-extfile", `${name}.ext`];
    openssl("x509", "-req", "-in", `${name}.csr`, "-out", `${name}.pem`, ...signed, ...extra);
  };
  try {
    selfSign("authority", "-days", "2", "-addext", "basicConstraints=critical,CA:TRUE");
    issue("localhost", "DNS:localhost", "-days", "2");
    issue("expired", "DNS:localhost,IP:127.0.0.1", "-days", "-1");
    selfSign("selfSigned", "-days", "2", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1");
    return {
      authority: read("authority"),
      localhost: read("localhost"),
      expired: read("expired"),
      selfSigned: read("selfSigned"),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
