import type { Browser } from "playwright-core";
import { launchBrowser } from "./browser.ts";
import { makeCertificate } from "./self-signed.ts";
import { startTlsProxy } from "./tls-proxy.ts";

/** Launches a browser that reaches our server under this host name, through a TLS proxy that ends with the browser. */
export async function launchBrowserAtHost(host: string, serverUrl: string): Promise<Browser> {
  const certificate = await makeCertificate(host);
  const proxy = await startTlsProxy(certificate, serverUrl);
  try {
    const browser = await launchBrowser({ hosts: { [host]: proxy.port }, trusted: [certificate.publicKeyDigest] });
    browser.once("disconnected", proxy.close);
    return browser;
  } catch (error) {
    await proxy.close();
    throw error;
  }
}
