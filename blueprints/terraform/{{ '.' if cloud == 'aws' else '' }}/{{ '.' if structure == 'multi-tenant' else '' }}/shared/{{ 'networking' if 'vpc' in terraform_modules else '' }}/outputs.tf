output "vpc_id" {
  description = "VPC of the platform."
  value       = module.vpc.vpc_id
}

output "private_subnet_ids" {
  description = "Subnets of the nodes, by zone."
  value       = module.vpc.private_subnet_ids
}
