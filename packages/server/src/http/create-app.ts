import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from "fastify";
import type { Logger } from "pino";
import type { Config } from "../config/config.ts";
import { reservedSegments } from "../config/reserved-paths.ts";
import type { TrustProxy } from "../config/trust-proxy.ts";
import { openConsoleDoor } from "../console/console-door.ts";
import type { Lifecycle } from "./lifecycle.ts";
import { Listener } from "./listener.ts";
import { RequestCounts } from "./plugins/api-rate-limit.ts";
import { watchConnections } from "./plugins/bound-connections.ts";
import { boundHeaders } from "./plugins/bound-headers.ts";
import { compressAnswers } from "./plugins/compress-answers.ts";
import { keepConsoleHostApart } from "./plugins/console-host.ts";
import { drainRefused } from "./plugins/drain-refused.ts";
import { endConnectionsWhenLeaving } from "./plugins/end-connections.ts";
import { addErrorHandling, sendError } from "./plugins/errors.ts";
import { addRequestIds, newRequestId, requestIdHeaders } from "./plugins/request-id.ts";
import { answerRecorder, type RecorderDeps } from "./plugins/request-metrics.ts";
import { logSlowRequests } from "./plugins/slow-requests.ts";
import { cutStalledAnswers } from "./plugins/stalled-answers.ts";
import { continueOnDemand } from "./request-body.ts";
import { requestLogger } from "./request-logger.ts";
import { bulkFilesRoutes } from "./routes/bulk-files.ts";
import { clientRoute } from "./routes/client.ts";
import { consoleRoutes } from "./routes/console.ts";
import { customMetadataFieldsRoutes } from "./routes/custom-metadata-fields.ts";
import { deliveryPath, deliveryRoute } from "./routes/delivery.ts";
import { deliverySwitchesRoutes } from "./routes/delivery-switches.ts";
import { demoRoutes } from "./routes/demo.ts";
import { diagnosisRoutes } from "./routes/diagnosis.ts";
import { documentationRoutes } from "./routes/documentation.ts";
import { extensionContentRoute } from "./routes/extension-content.ts";
import { filesRoutes } from "./routes/files.ts";
import { foldersRoutes } from "./routes/folders.ts";
import { healthReportRoute, healthRoute } from "./routes/health.ts";
import { jobsRoutes } from "./routes/jobs.ts";
import { keyPairsRoutes } from "./routes/key-pairs.ts";
import { landingRoute } from "./routes/landing.ts";
import { metadataRoutes } from "./routes/metadata.ts";
import { metricsRoute } from "./routes/metrics.ts";
import { namedTransformationsRoutes } from "./routes/named-transformations.ts";
import { organiseFilesRoutes } from "./routes/organise-files.ts";
import { originsRoutes } from "./routes/origins.ts";
import { previewsRoutes } from "./routes/previews.ts";
import { purgeRoutes } from "./routes/purge.ts";
import { openApiRoute, referenceRoutes } from "./routes/reference.ts";
import { resumableRoutes } from "./routes/resumable/resumable-routes.ts";
import { robotsRoute } from "./routes/robots.ts";
import { savedExtensionsRoutes } from "./routes/saved-extensions.ts";
import { sweepRoute } from "./routes/sweep.ts";
import { trashRoutes, trashThumbnailRoute } from "./routes/trash.ts";
import { uploadOutcomeRoute, uploadRoutes } from "./routes/upload.ts";
import { urlEndpointsRoutes } from "./routes/url-endpoints.ts";
import { usageRoutes } from "./routes/usage.ts";
import { versionsRoutes } from "./routes/versions.ts";
import { webhooksRoutes } from "./routes/webhooks.ts";
import { zipDownloadsRoutes } from "./routes/zip-downloads.ts";

const routes = [
  uploadRoutes,
  uploadOutcomeRoute,
  resumableRoutes,
  filesRoutes,
  organiseFilesRoutes,
  bulkFilesRoutes,
  versionsRoutes,
  foldersRoutes,
  metadataRoutes,
  customMetadataFieldsRoutes,
  namedTransformationsRoutes,
  savedExtensionsRoutes,
  urlEndpointsRoutes,
  originsRoutes,
  extensionContentRoute,
  purgeRoutes,
  usageRoutes,
  keyPairsRoutes,
  deliverySwitchesRoutes,
  diagnosisRoutes,
  trashRoutes,
  trashThumbnailRoute,
  previewsRoutes,
  webhooksRoutes,
  jobsRoutes,
  healthReportRoute,
  sweepRoute,
  zipDownloadsRoutes,
  consoleRoutes,
  deliveryRoute,
  demoRoutes,
  healthRoute,
  metricsRoute,
  () => clientRoute(),
  openApiRoute,
  () => documentationRoutes(),
  () => referenceRoutes(),
  () => robotsRoute(),
  landingRoute,
];

interface AppDeps extends RecorderDeps {
  readonly config: Config;
  readonly logger: Logger;
  readonly lifecycle: Lifecycle;
}

/** The parts that the composition root gives the HTTP side: the app's own needs and those of each of its routes. */
type HttpDeps = AppDeps & ((typeof routes)[number] extends (deps: infer Deps) => unknown ? Deps : never);

/**
 * The HTTP side: every route, and what the routes share. The app answers once the listener has been handed over to it.
 */
export function createApp(given: HttpDeps, listener = new Listener(given.config, given.logger)): FastifyInstance {
  const { config, logger } = given;
  const { apiRateLimit } = config;
  const deps = {
    ...given,
    ...(apiRateLimit && { requestCounts: new RequestCounts(apiRateLimit) }),
    ...(config.console && { door: openConsoleDoor(given) }),
  };
  const { server, malformed, answers } = listener;
  const recordAnswer = answerRecorder(deps);
  const app: FastifyInstance = Fastify({
    serverFactory: () => server,
    loggerInstance: logger as FastifyBaseLogger,
    // plugins/request-metrics.ts logs each answer in one line.
    logController: new LogController({ disableRequestLogging: true }),
    childLoggerFactory: requestLogger,
    genReqId: newRequestId,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 512 },
    // An account's delivery URLs are matched on the raw target, since signatures cover its bytes
    // (docs/protocol/delivery.md §1.3).
    rewriteUrl: (request) => (isDelivery(request.url) ? deliveryPath : (request.url ?? "/")),
    // Uploads are read, and bounded, by their own parser.
    bodyLimit: config.limits.jsonBytes,
    // The listener's server reports client errors.
    clientErrorHandler: () => undefined,
    // Called for errors before routing, where no hook has run yet.
    frameworkErrors: (error, request, reply) => {
      reply.raw.once("finish", () => recordAnswer(request, reply));
      sendError(error, request, reply.headers(requestIdHeaders(request.id)));
    },
    trustProxy: trustedProxies(config.trustProxy),
    forceCloseConnections: "idle",
    return503OnClosing: false,
  });
  watchConnections(app);
  addRequestIds(app);
  logSlowRequests(app, config, logger);
  addErrorHandling(app);
  malformed.watch(app);
  boundHeaders(app, config);
  app.addHook("onResponse", (request, reply, done) => {
    recordAnswer(request, reply);
    done();
  });
  keepConsoleHostApart(app, config);
  continueOnDemand(app);
  drainRefused(app, config);
  compressAnswers(app);
  cutStalledAnswers(app, config);
  endConnectionsWhenLeaving(app, deps.lifecycle, answers);
  for (const route of routes) app.register(route(deps));
  return app;
}

/** Whether the first segment of a request target, in origin or in absolute form, may be an account's id. */
function isDelivery(target: string | undefined): boolean {
  const first = /^(?:https?:\/\/[^/?#]*)?\/([^/?#]*)/i.exec(target ?? "")?.[1] ?? "";
  return first !== "" && !reservedSegments.has(first);
}

/** The trusted proxies as the framework takes them. The connection's own address is hop 0. */
function trustedProxies(proxies: TrustProxy): false | string[] | ((address: string, hop: number) => boolean) {
  if (typeof proxies === "number") return (_address, hop) => hop < proxies;
  return proxies === false ? false : [...proxies];
}
