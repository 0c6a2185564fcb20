import { createRequire } from "node:module";

/**
 * Redirects the SDK v6, which has the vendor's host built in, to this server.
 * @returns a function that ends the redirection
 */
export function sendV6To(url: string): () => void {
  const require = createRequire(createRequire(import.meta.url).resolve("imagekit"));
  const axios = require("axios");
  const id = axios.interceptors.request.use((request: { url: string }) => ({
    ...request,
    url: request.url.replace("https://api.imagekit.io", url),
  }));
  return () => axios.interceptors.request.eject(id);
}
