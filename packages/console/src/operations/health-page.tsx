import { Badge, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useCallback } from "react";
import { call } from "../api/call.ts";
import { asProblem } from "../api/problem.ts";
import type { Answer } from "../api/routes.ts";
import { sizeText } from "../library/library-file.ts";
import { Card } from "../settings/card.tsx";
import { Skeleton } from "../shell/skeleton.tsx";
import { ProblemState } from "../shell/states.tsx";
import { timeText } from "../shell/time-text.ts";
import { texts } from "../texts/texts.ts";
import { FreeRoom } from "./free-room.tsx";
import styles from "./operations.module.css";
import { OperationsView } from "./operations-view.tsx";
import { useLive } from "./use-live.ts";

type Report = Answer<"GET /_sluice/health">;
type Part = Report["parts"][number];

const words = texts.operations.health;
const colors = { ok: "stream", slow: "yellow", down: "red" } as const;
const nodeColors = { ok: "stream", silent: "yellow" } as const;

/** A part on a disk with less room than this takes no uploads. */
const minFreeBytes = 1024 * 1024;

function isFull({ state, freeBytes }: Part): boolean {
  return state === "down" && freeBytes !== null && freeBytes < minFreeBytes;
}

/** The state of the server's parts. */
export function HealthPage() {
  return (
    <OperationsView title={words.title}>
      <Health />
      <FreeRoom />
    </OperationsView>
  );
}

function Health() {
  const { data, error, refetch } = useQuery({
    queryKey: ["health"],
    queryFn: async ({ signal }) => (await call("GET /_sluice/health", {}, signal)).body,
  });
  useLive(useCallback(() => void refetch({ cancelRefetch: false }), [refetch]));
  // An error is worth more than what was true before it.
  if (error) return <ProblemState problem={asProblem(error)} onAgain={() => void refetch()} />;
  return (
    <Card title={words.title} help={words.help}>
      {data === undefined ? (
        <Skeleton rows={4} />
      ) : (
        <>
          <div className={styles.note} data-bad={data.status === "unavailable" || undefined} role="status">
            <strong>{words[data.status]}</strong>
            {data.status === "unavailable" && (
              <span>{data.parts.some(isFull) ? words.fullHelp : words.unavailableHelp}</span>
            )}
          </div>
          <ul className={styles.parts}>
            {data.parts.map((part) => (
              <PartItem key={part.name} part={part} />
            ))}
          </ul>
          <Nodes nodes={data.nodes} />
          <Text size="xs" c="dimmed" mt="md">
            {words.version(data.version)} · {words.checked(timeText(data.checkedAt))}
          </Text>
        </>
      )}
    </Card>
  );
}

/** The versions of the nodes, which differ while a rolling upgrade is under way. */
function Nodes({ nodes }: Pick<Report, "nodes">) {
  if (nodes.length === 0) return null;
  return (
    <>
      <Title order={2} size="h5" mt="lg">
        {words.nodes}
      </Title>
      <Text size="sm" c="dimmed">
        {words.nodesHelp}
      </Text>
      <ul className={styles.parts}>
        {nodes.map(({ id, version, lastSeenAt, state }) => (
          <li key={id} className={styles.part}>
            <div className={styles.head}>
              {words.version(version)}
              <Badge variant="light" color={nodeColors[state]}>
                {words.nodeStates[state]}
              </Badge>
            </div>
            <Text size="sm" className={styles.numbers}>
              {id} · {words.seen(timeText(lastSeenAt))}
            </Text>
          </li>
        ))}
      </ul>
    </>
  );
}

function PartItem({ part }: { readonly part: Part }) {
  const { name, state, latencyMs, freeBytes, isolation, program } = part;
  const figures = [
    ...(freeBytes === null ? [] : [words.free(sizeText(freeBytes))]),
    ...(isolation === undefined ? [] : [words.isolation[isolation]]),
    ...(program === undefined ? [] : [program]),
    ...(latencyMs === null ? [] : [words.latency(latencyMs)]),
  ];
  return (
    <li className={styles.part} data-state={state}>
      <div className={styles.head}>
        {words.parts[name]}
        <Badge variant="light" color={colors[state]}>
          {isFull(part) ? words.full : words.states[state]}
        </Badge>
      </div>
      <Text size="sm" c="dimmed">
        {words.helpOf[name]}
      </Text>
      <Text size="sm" className={styles.numbers}>
        {figures.join(" · ")}
      </Text>
    </li>
  );
}
