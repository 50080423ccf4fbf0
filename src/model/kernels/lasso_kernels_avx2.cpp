#if defined(__x86_64__)
#define BALSE_LASSO_TABLE lasso_kernels_avx2
#include "model/kernels/lasso_kernels.inl"
#endif
