/* service.h - the service that a client names: MsvAvTargetName, where it is refused.
 */
#ifndef NTLM_SERVICE_H
#define NTLM_SERVICE_H

#include "../diagnosis.h"
#include "../subject.h"

extern const remark_row_t service_remarks[];

/* Of a login that a demand for a service has refused; a warning of one whose name of a service
 * cannot be read. */
void service_causes(diagnosis_t *diagnosis, const subject_t *subject);

#endif
