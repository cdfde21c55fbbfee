/** What a user reads of a judged mesh; the model defines it, since reports may import nothing else. */
export type { IJudgedMesh } from '../model/judged-mesh';
