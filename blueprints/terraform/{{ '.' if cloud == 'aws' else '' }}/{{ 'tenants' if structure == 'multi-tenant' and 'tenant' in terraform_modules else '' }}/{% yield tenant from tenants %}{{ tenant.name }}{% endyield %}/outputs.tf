output "bucket_name" {
  description = "The tenant's bucket."
  value       = module.tenant.bucket_name
}

output "secrets_prefix" {
  description = "Path below which the tenant's secrets lie."
  value       = module.tenant.secrets_prefix
}

output "role_arn" {
  description = "Role of the tenant's service accounts."
  value       = module.tenant.role_arn
}
