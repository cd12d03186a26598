export { chooseKind } from './choose-kind.js';
export { containerEnd, dockerAnswers, endContainer, images } from './docker.js';
export { freePorts, whyNotFree } from './free-ports.js';
export { endProcess, isRunning, processIdOf, type RunningProcess, startProcess } from './processes.js';
export {
  amqpAnswers,
  managementHeaders,
  postgresAnswers,
  rabbitMqAnswers,
  tailOf,
  waitUntil,
} from './readiness.js';
export * from './server.js';
export * from './start-server.js';
export { writeFileAtomically } from './write-file.js';
