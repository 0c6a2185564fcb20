import { launch, root } from "./launch.ts";
import { keys } from "./server.ts";

export interface RunningExample {
  readonly url: string;
  stop(): Promise<void>;
}

/** The environment that every example reads. */
export function exampleEnvironment(sluiceUrl: string): Record<string, string> {
  return { PORT: "0", SLUICE_URL: sluiceUrl, PUBLIC_KEY: keys.publicKey, PRIVATE_KEY: keys.privateKey };
}

/** Starts `examples/<name>` as its `npm start` does, on a free port. */
export async function startExample(name: string, sluiceUrl: string): Promise<RunningExample> {
  const args = ["--conditions=sluice-source", `${root}examples/${name}/server.ts`];
  const options = { environment: exampleEnvironment(sluiceUrl), hasOwnApi: true };
  const example = await launch(process.execPath, args, options);
  return {
    url: example.url,
    async stop() {
      example.process.kill();
      await example.exited;
    },
  };
}

/** Sends the sign-in form. @returns the session's cookie */
export async function signIn(url: string, user: string, password: string): Promise<string> {
  const body = new URLSearchParams({ user, password });
  const response = await fetch(`${url}/sign-in`, { method: "POST", body, redirect: "manual" });
  return response.headers.getSetCookie()[0]?.split(";")[0] ?? "";
}
