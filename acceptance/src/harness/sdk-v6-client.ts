import { createRequire } from "node:module";
import ImageKit from "imagekit";
import { keys } from "./server.ts";

/** The part of axios that this file uses. The SDK sends its requests with axios. */
interface Axios {
  readonly interceptors: {
    readonly request: {
      use(change: (request: { url?: string }) => { url?: string }): number;
      eject(id: number): void;
    };
  };
}

const axios = createRequire(import.meta.resolve("imagekit"))("axios") as Axios;

const vendor = "https://api.imagekit.io/";

export interface ClientV6 {
  readonly client: ImageKit;
  /** Has the SDK's requests go to the vendor again. */
  release(): void;
}

/**
 * The official SDK v6 for a server. It has no setting for the address of the media API, which the tests therefore change
 * in the requests that the SDK hands to axios.
 */
export function clientV6(url: string): ClientV6 {
  const id = axios.interceptors.request.use((request) => ({
    ...request,
    ...(request.url?.startsWith(vendor) && { url: `${url}/${request.url.slice(vendor.length)}` }),
  }));
  const client = new ImageKit({
    ...keys,
    urlEndpoint: `${url}/demo`,
    uploadEndpoint: `${url}/api/v1/files/upload`,
  });
  return { client, release: () => axios.interceptors.request.eject(id) };
}
