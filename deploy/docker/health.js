// The health check of the image: exits with 0 when the server in this container takes uploads. The image has no curl.
// As the server chooses its port: an empty variable counts as unset.
const { SLUICE_PORT, PORT } = process.env;
const port = SLUICE_PORT || PORT || "3000";
const healthy = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(5_500) }).then(
  (answer) => answer.ok,
  () => false,
);
process.exit(healthy ? 0 : 1);
