import { Type } from "typebox";
import { Health, HealthReport, Liveness } from "../schemas/health.ts";
import { SweepRequest, SweptContents } from "../schemas/sweep.ts";
import { anybody, managing, monitoring } from "./access.ts";
import type { Operation } from "./operation.ts";

export const server = {
  getHealth: {
    id: "get-health",
    method: "GET",
    path: "/health",
    tag: "Server",
    summary: "Ask whether uploads can be taken",
    description:
      "For load balancers and readiness probes. The status is 503 while the server starts or drains, and while a part " +
      "that uploads need is down. A draining server still answers all requests.",
    access: anybody,
    answers: { 200: Health, 503: Health },
    errors: [],
  },
  getLiveness: {
    id: "get-liveness",
    method: "GET",
    path: "/health/live",
    tag: "Server",
    summary: "Ask whether the process is alive",
    description:
      "For liveness probes. The status is 200 as long as the process answers: while it starts and drains, and while a " +
      "part that uploads need is down, since a restart would not bring that part back.",
    access: anybody,
    answers: { 200: Liveness },
    errors: [],
  },
  getHealthReport: {
    id: "get-health-report",
    method: "GET",
    path: "/_sluice/health",
    tag: "Server",
    summary: "Get the state of each part of the server",
    description:
      "The state, the latency and the free room of the parts that uploads need, as the process that answers sees them, " +
      "and the versions of all nodes. It names no path, no host and no other account.",
    access: managing,
    compressed: true,
    answers: { 200: HealthReport },
    errors: [],
  },
  sweepContents: {
    id: "sweep-contents",
    method: "POST",
    path: "/_sluice/sweep",
    tag: "Server",
    summary: "Free the room of deleted files at once",
    description:
      "Removes the contents of the account to which no version refers any more, without waiting a day for it. Files in " +
      "the trash keep their contents. A request works for some seconds; with nextCursor another one goes on.",
    access: managing,
    body: SweepRequest,
    answers: { 200: SweptContents },
    errors: ["PARAMETER_INVALID"],
  },
  getMetrics: {
    id: "get-metrics",
    method: "GET",
    path: "/metrics",
    tag: "Server",
    summary: "Get the metrics",
    description:
      "Everybody may read them unless the operator has set `--metrics-token`. With `--metrics-port` they have a port of their own, and 404 is the answer here.",
    access: monitoring,
    answers: { 200: Type.String({ contentMediaType: "text/plain", description: "Prometheus' text format." }) },
    errors: ["METRICS_TOKEN_WRONG"],
  },
} as const satisfies Readonly<Record<string, Operation>>;
