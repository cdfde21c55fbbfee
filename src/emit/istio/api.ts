/** The API that all of Istio's traffic resources belong to. */
export const NETWORKING = 'networking.istio.io/v1';

/** Id of the object that defines the subsets, which a VirtualService must not be applied before. */
export const DESTINATION_RULE = 'DestinationRule';
