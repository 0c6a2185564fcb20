import type { Requirement } from "../requirements.ts";

/** A server that runs for the tests alone. */
export interface RunningService {
  /** With which variables tests find it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

/** A server that tests need and that `npm test` brings up by itself. */
export interface Service {
  readonly name: string;
  /** A variable that, when it is set, names a server that is there already; it is used instead. */
  readonly variable: string;
  /** What has to be installed for `start`. */
  readonly requirements: readonly Requirement[];
  /** The vitest projects that can't run without it. Tests of others skip themselves, or fail where CI=true. */
  readonly projects: readonly string[];
  start(): Promise<RunningService>;
}

export interface StartedServices {
  readonly environment: Readonly<Record<string, string>>;
  /** One line for each that could not be started. */
  readonly problems: readonly string[];
  /** The projects that can't run without those. */
  readonly cut: readonly string[];
  stop(): Promise<void>;
}

/** Starts those that the environment doesn't name. */
export async function startServices(services: readonly Service[]): Promise<StartedServices> {
  const running: RunningService[] = [];
  const problems: string[] = [];
  const cut: string[] = [];
  for (const { name, variable, projects, start } of services) {
    if (process.env[variable]) continue;
    try {
      running.push(await start());
    } catch (error) {
      problems.push(`not run without ${name}: ${error instanceof Error ? error.message : error}`);
      cut.push(...projects);
    }
  }
  return {
    environment: Object.assign({}, ...running.map(({ environment }) => environment)),
    problems,
    cut,
    async stop() {
      for (const service of running) await service.stop();
    },
  };
}
