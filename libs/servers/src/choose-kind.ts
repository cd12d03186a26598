import { dockerAnswers, dockerHasImages } from './docker.js';
import type { Kind, Surroundings } from './server.js';

export interface Choice {
  /** What the user insists on: `docker`, `native`, or nothing. */
  readonly forced: string | undefined;
  /** Where the data of an earlier run is. */
  readonly earlier?: Kind | undefined;
  readonly images: readonly string[];
}

/** Docker where an engine answers and has or gets the images, else programs of this machine. */
export async function chooseKind(choice: Choice, say: Surroundings['say']): Promise<Kind> {
  const { earlier, images } = choice;
  const forced = forcedKind(choice.forced);
  // An earlier run's data counts for more than the nicer place.
  if ((forced ?? earlier) === 'native') return 'native';
  const obstacle = await whyNotDocker(images, say);
  if (obstacle === undefined) return 'docker';
  if (forced === 'docker') throw new Error(`POSTHORN_INFRASTRUCTURE is "docker", but ${obstacle}.`);
  say(`Docker is not used: ${obstacle}.`);
  if (earlier === 'docker')
    say('The data of earlier runs is in Docker, and is not seen until Docker is used again.');
  return 'native';
}

function forcedKind(text = ''): Kind | undefined {
  if (text === '') return undefined;
  if (text === 'docker' || text === 'native') return text;
  throw new Error(`POSTHORN_INFRASTRUCTURE is "${text}"; it can be docker or native.`);
}

async function whyNotDocker(
  images: readonly string[],
  say: Surroundings['say'],
): Promise<string | undefined> {
  if (!(await dockerAnswers())) return 'no engine answers';
  if (!(await dockerHasImages(images, say)))
    return `it has not got ${images.join(' and ')}, and they cannot be pulled`;
  return undefined;
}
