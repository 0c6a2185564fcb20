import { execFile } from "node:child_process";
import { createHash, X509Certificate } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

export interface Certificate {
  readonly key: string;
  readonly cert: string;
  /** SHA-256 of the public key, in base64, in the form that Chromium can be told to trust. */
  readonly publicKeyDigest: string;
}

/** Makes a certificate for one host, valid for a day. Only the test has a reason to trust it. */
export async function makeCertificate(hostName: string): Promise<Certificate> {
  const folder = await mkdtemp(join(tmpdir(), "sluice-certificate-"));
  try {
    const keyFile = join(folder, "key.pem");
    const certFile = join(folder, "cert.pem");
    const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-noenc"];
    const subject = ["-subj", `/CN=${hostName}`, "-addext", `subjectAltName=DNS:${hostName}`, "-days", "1"];
    await promisify(execFile)("openssl", ["req", "-x509", ...curve, ...subject, "-keyout", keyFile, "-out", certFile]);
    const [key, cert] = await Promise.all([readFile(keyFile, "utf8"), readFile(certFile, "utf8")]);
    const publicKey = new X509Certificate(cert).publicKey.export({ type: "spki", format: "der" });
    return { key, cert, publicKeyDigest: createHash("sha256").update(publicKey).digest("base64") };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
