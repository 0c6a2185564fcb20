import type { Requirement } from "../requirements.ts";

/** Something that is there only for the tests: mostly a server that runs. */
export interface RunningService {
  /** The environment variables by which tests find it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Ends it and removes its folder. */
  stop(): Promise<void>;
}

/** A service that tests need and that `npm test` starts by itself. */
export interface Service {
  readonly name: string;
  /** An environment variable. If it is set, it names what is there already and is used instead. */
  readonly variable: string;
  /** The programs that `start` needs. */
  readonly requirements: readonly Requirement[];
  /** The vitest projects that can't run without it. Elsewhere, tests that need it skip or, where CI=true, fail. */
  readonly projects: readonly string[];
  start(): Promise<RunningService>;
}

export interface StartedServices {
  readonly environment: Readonly<Record<string, string>>;
  /** One line for each service that could not be started. */
  readonly problems: readonly string[];
  /** The projects that can't run without those services. */
  readonly cut: readonly string[];
  stop(): Promise<void>;
}

/** Starts the services that the environment doesn't name, all at once. */
export async function startServices(services: readonly Service[]): Promise<StartedServices> {
  const running: RunningService[] = [];
  const problems: string[] = [];
  const cut: string[] = [];
  const startOne = async ({ name, projects, start }: Service): Promise<void> => {
    try {
      running.push(await start());
    } catch (error) {
      problems.push(`not run without ${name}: ${error instanceof Error ? error.message : error}`);
      cut.push(...projects);
    }
  };
  await Promise.all(services.filter(({ variable }) => !process.env[variable]).map(startOne));
  return {
    environment: Object.assign({}, ...running.map(({ environment }) => environment)),
    problems,
    cut,
    async stop() {
      await Promise.all(running.map((service) => service.stop()));
    },
  };
}
