import { type Query, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";
import { queries } from "../api/queries.ts";
import { texts } from "../texts/texts.ts";
import { AttemptDrawer } from "./attempt-drawer.tsx";
import { AttemptsCard } from "./attempts-card.tsx";
import { attemptsKey } from "./endpoints.ts";
import { EndpointsCard } from "./endpoints-card.tsx";
import styles from "./operations.module.css";
import type { WebhooksState } from "./operations-state.ts";
import { OperationsView } from "./operations-view.tsx";
import { jobQueues } from "./queues.ts";
import { isShort, useLive } from "./use-live.ts";

const words = texts.operations.deliveries;

/** The endpoints that are told of events, and what came of it. */
export function WebhooksPage() {
  return (
    <OperationsView title={texts.operations.webhooks.title}>
      <Webhooks />
    </OperationsView>
  );
}

function Webhooks() {
  const { endpoint, attempt }: WebhooksState = useSearch({ strict: false });
  const navigate = useNavigate();
  const go = (search: WebhooksState) => void navigate({ to: "/webhooks", search });
  // A test takes seconds, in which somebody may have chosen another endpoint.
  const showTest = (id: string) =>
    void navigate({ to: "/webhooks", search: (before: WebhooksState) => ({ ...before, attempt: id }) });
  useLive(
    useCallback(() => {
      // What was sent and answered never changes, so only the lists are asked for again.
      const lists = {
        queryKey: attemptsKey,
        predicate: (query: Query) => query.queryKey[1] !== "details" && isShort(query),
      };
      void queries.invalidateQueries(lists, { cancelRefetch: false });
      void queries.invalidateQueries({ queryKey: jobQueues.queryKey }, { cancelRefetch: false });
    }, []),
  );
  return (
    <>
      <EndpointsCard onTested={showTest} />
      <Backlog />
      <AttemptsCard endpoint={endpoint} attempt={attempt} onEndpoint={(chosen) => go({ endpoint: chosen })} />
      {attempt !== undefined && <AttemptDrawer id={attempt} onClose={() => go({ endpoint })} />}
    </>
  );
}

/** Deliveries that are still to be made, and those that have failed for good. */
function Backlog() {
  const { data } = useQuery(jobQueues);
  const queue = data?.queues.find(({ name }) => name === "deliver-webhook");
  if (queue === undefined || queue.waiting + queue.failed === 0) return null;
  return (
    <div>
      {queue.waiting > 0 && (
        <p className={styles.note}>
          {words.waiting(queue.waiting)}
          <Link to="/jobs" search={{ state: "waiting", kind: "deliver-webhook" }}>
            {words.seeJobs}
          </Link>
        </p>
      )}
      {queue.failed > 0 && (
        <p className={styles.note} data-bad>
          {words.dead(queue.failed)}
          <Link to="/jobs" search={{ state: "failed", kind: "deliver-webhook" }}>
            {words.seeJobs}
          </Link>
        </p>
      )}
    </div>
  );
}
