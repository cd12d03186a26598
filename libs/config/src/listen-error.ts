interface Listener {
  readonly port: number;
  readonly host: string;
  /** The variables that they come from. */
  readonly portVariable: string;
  readonly hostVariable: string;
}

/** Why a server cannot listen, by the variable to set. What is not known is returned as it is. */
export function listenError(error: NodeJS.ErrnoException, listener: Listener): Error {
  const { port, host, portVariable, hostVariable } = listener;
  if (error.code === 'EADDRINUSE') return new Error(`Port ${port} is in use. Set ${portVariable}.`);
  if (error.code === 'EACCES')
    return new Error(`Port ${port} may not be opened by this user. Set ${portVariable}.`);
  if (['ENOTFOUND', 'EADDRNOTAVAIL', 'EAI_AGAIN', 'EINVAL'].includes(error.code ?? ''))
    return new Error(`"${host}" is no address of this machine. Set ${hostVariable}.`);
  return error;
}
