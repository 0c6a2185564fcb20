import { Table } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";
import { asProblem } from "../api/problem.ts";
import { queries } from "../api/queries.ts";
import { Card } from "../settings/card.tsx";
import { Skeleton } from "../shell/skeleton.tsx";
import { ProblemState } from "../shell/states.tsx";
import { timeText } from "../shell/time-text.ts";
import { texts } from "../texts/texts.ts";
import { JobsCard } from "./jobs-card.tsx";
import styles from "./operations.module.css";
import type { JobsState } from "./operations-state.ts";
import { OperationsView } from "./operations-view.tsx";
import { jobQueues, jobsKey } from "./queues.ts";
import { isShort, useLive } from "./use-live.ts";

const words = texts.operations.jobs;

/** The work that the server does for the account in the background. */
export function JobsPage() {
  return (
    <OperationsView title={words.title}>
      <Jobs />
    </OperationsView>
  );
}

function Jobs() {
  const { state = "failed", kind }: JobsState = useSearch({ strict: false });
  const navigate = useNavigate();
  useLive(
    useCallback(
      () => void queries.invalidateQueries({ queryKey: jobsKey, predicate: isShort }, { cancelRefetch: false }),
      [],
    ),
  );
  return (
    <>
      <Queues />
      <JobsCard state={state} kind={kind} onChange={(search) => void navigate({ to: "/jobs", search })} />
    </>
  );
}

function Queues() {
  const { data, error, refetch } = useQuery(jobQueues);
  if (error) return <ProblemState problem={asProblem(error)} onAgain={() => void refetch()} />;
  return (
    <Card title={words.title} help={words.help}>
      {data === undefined ? (
        <Skeleton rows={6} />
      ) : (
        <section className={styles.tableWrap} tabIndex={0} aria-label={words.queues}>
          <Table verticalSpacing="xs" className={styles.numbers}>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{words.kind}</Table.Th>
                <Table.Th ta="end">{words.states.failed}</Table.Th>
                <Table.Th ta="end">{words.states.waiting}</Table.Th>
                <Table.Th ta="end" className={styles.wideOnly ?? ""}>
                  {words.states.running}
                </Table.Th>
                <Table.Th ta="end" className={styles.wideOnly ?? ""}>
                  {words.oldest}
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {data.queues.toSorted(inOrder).map(({ name, waiting, running, failed, oldestDueAt }) => (
                <Table.Tr key={name}>
                  <Table.Td>{words.kinds[name] ?? name}</Table.Td>
                  <Table.Td ta="end" className={failed > 0 ? styles.failed : ""}>
                    {failed.toLocaleString("en")}
                  </Table.Td>
                  <Table.Td ta="end">{waiting.toLocaleString("en")}</Table.Td>
                  <Table.Td ta="end" className={styles.wideOnly ?? ""}>
                    {running.toLocaleString("en")}
                  </Table.Td>
                  <Table.Td ta="end" className={styles.wideOnly ?? ""}>
                    {oldestDueAt === null ? "–" : timeText(oldestDueAt)}
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </section>
      )}
      {data?.isComplete === false && <p className={styles.note}>{words.incomplete}</p>}
    </Card>
  );
}

const order = Object.keys(words.kinds);

function inOrder(one: { readonly name: string }, other: { readonly name: string }): number {
  return order.indexOf(one.name) - order.indexOf(other.name);
}
