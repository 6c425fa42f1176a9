output "cluster_name" {
  description = "Name of the cluster."
  value       = module.eks.cluster_name
}

output "pod_identity_role_arns" {
  description = "ARNs of the IAM roles of pods."
  value       = module.eks.pod_identity_role_arns
}
