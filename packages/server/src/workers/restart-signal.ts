/** The signal that restarts the workers of a server. Node keeps SIGUSR1 for itself, and terminals send SIGHUP. */
export const restartSignal = "SIGUSR2";
